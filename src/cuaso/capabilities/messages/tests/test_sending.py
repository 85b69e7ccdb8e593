"""Messages are written with the act, and leave after it."""

import smtplib
from datetime import timedelta

import pytest
from django.db import connection, transaction

from cuaso.capabilities.messages import api, models
from cuaso.capabilities.messages.contracts import Recipient, Template
from cuaso.capabilities.messages.logic.deliver import LEASE, MAX_TRIES, PAUSES
from cuaso.capabilities.messages.logic.receipt import sign
from cuaso.capabilities.messages.logic.transports import Letter, by_email, one_round
from cuaso.capabilities.messages.tests.conftest import (
    CONTEXT,
    INSTALLER,
    LAM,
    TEXTS,
    Outside,
    dossier,
    tell,
)
from cuaso.capabilities.messages.tests.outbox import payloads
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

pytestmark = pytest.mark.django_db


def test_installing_the_same_texts_again_changes_nothing(texts: None) -> None:
    assert api.install(templates=TEXTS, actor=INSTALLER) == 0
    assert models.Template.objects.count() == 3


def test_a_changed_text_is_a_new_version_and_old_messages_keep_theirs(texts: None) -> None:
    subject = dossier()
    tell(subject, key="a")
    newer = Template(id="received", channel="sms", body="Moi {code}", names=frozenset({"code"}))
    assert api.install(templates=[newer], actor=INSTALLER) == 1
    tell(subject, key="b")
    sms = [m for m in api.messages_about(subject) if m.channel == "sms"]
    assert [(m.version, m.body[:3]) for m in sms] == [(2, "Moi"), (1, "Ho ")]


@pytest.mark.parametrize(
    "faulty",
    [
        Template(id="x", channel="sms", body="{code}", names=frozenset()),
        Template(id="x", channel="sms", body="a {", names=frozenset()),
        Template(id="x", channel="sms", body=" ", names=frozenset()),
        Template(id="x", channel="email", body="a", names=frozenset()),
        Template(
            id="x",
            channel="sms",
            body="{personal_number}",
            names=frozenset({"personal_number"}),
        ),
    ],
)
def test_a_faulty_text_is_refused_and_none_is_installed(faulty: Template) -> None:
    with pytest.raises(Invalid) as refused:
        api.install(templates=[*TEXTS, faulty], actor=INSTALLER)
    assert [problem.field for problem in refused.value.problems] == [f"x.vi.{faulty.channel}"]
    assert models.Template.objects.count() == 0


def test_telling_uses_every_channel_with_an_address(texts: None) -> None:
    subject = dossier()
    tell(subject)
    email, sms = sorted(api.messages_about(subject), key=lambda m: m.channel)
    assert (email.state, email.to, email.headline) == (
        "waiting",
        "l***@example.com",
        "Đã tiếp nhận hồ sơ H08.12.05-250701-0001",
    )
    assert (sms.to, sms.parts) == ("***122", 1)
    assert sms.body == "Ho so H08.12.05-250701-0001 da duoc tiep nhan, hen tra 08/07/2025."
    assert [entry.act for entry in audit.history(subject)] == ["messages.queued"]


def test_the_same_key_tells_once(texts: None) -> None:
    subject = dossier()
    assert tell(subject) == tell(subject, code="khác")
    assert len(api.messages_about(subject)) == 2


def tell_and_fail(subject: Subject) -> None:
    with transaction.atomic():
        tell(subject)
        raise ZeroDivisionError


def test_an_act_that_fails_tells_nobody(texts: None) -> None:
    subject = dossier()
    with pytest.raises(ZeroDivisionError):
        tell_and_fail(subject)
    assert api.messages_about(subject) == ()


def test_a_language_without_a_text_falls_back_to_vietnamese(texts: None) -> None:
    subject = dossier()
    tell(subject, to=Recipient(name="Lam", email="l@e.vn", phone="0905111222", language="en"))
    said = {m.channel: m.language for m in api.messages_about(subject)}
    assert said == {"email": "vi", "sms": "en"}


def test_a_missing_text_does_not_stop_the_act_and_is_shown() -> None:
    subject = dossier()
    with transaction.atomic():
        api.send(template="nothing", to=LAM, context={}, subject=subject, key="k")
    assert [m.trouble for m in api.failed()] == ["Chưa cài mẫu thông báo “nothing”."]


def test_somebody_without_an_address_is_noted(texts: None) -> None:
    subject = dossier()
    tell(subject, to=Recipient(name="Lam"))
    assert [m.state for m in api.messages_about(subject)] == ["no_address"]


def test_a_name_without_a_value_is_refused(texts: None) -> None:
    subject = dossier()
    context = {"code": CONTEXT["code"]}
    with pytest.raises(Invalid), transaction.atomic():
        api.send(template="received", to=LAM, context=context, subject=subject, key="k")
    assert api.messages_about(subject) == ()


def test_both_channels_deliver(texts: None, outside: Outside) -> None:
    subject = dossier()
    tell(subject, key=f"both-{subject.id}")
    assert api.deliver_due() == 2
    assert {m.state for m in api.messages_about(subject)} == {"sent"}
    mine = outside.items()[:2]
    assert {item["kind"] for item in mine} == {"sms", "email"}
    mail = next(item for item in mine if item["kind"] == "email")
    assert mail["headline"] == "Đã tiếp nhận hồ sơ H08.12.05-250701-0001"
    assert mail["text"].startswith("Kính gửi Võ Thị Hạ Lam,")
    assert api.deliver_due() == 0


def test_an_outage_is_retried_later_and_later_and_then_shown(texts: None, outside: Outside) -> None:
    subject = dossier()
    outside.fault("down")
    moment = clock.now()
    for turn in range(MAX_TRIES):
        with clock.at(moment):
            tell(subject, to=Recipient(name="Lam", phone="0900000122"))
            assert api.deliver_due() == 0
            assert api.deliver_due() == 0
            (message,) = api.messages_about(subject)
        assert message.tries == turn + 1
        moment += PAUSES[turn] if turn < len(PAUSES) else timedelta()
    assert message.state == "failed"
    assert [m.id for m in api.failed()] == [message.id]
    assert len(payloads("messages.failed")) == 1
    outside.fault("ok")
    api.retry(message_id=message.id, actor=INSTALLER)
    assert api.deliver_due() == 1
    with pytest.raises(Conflict):
        api.retry(message_id=message.id, actor=INSTALLER)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_what_is_refused_for_good_is_not_tried_again(
    texts: None, outside: Outside, channel: str
) -> None:
    outside.fault("refuse")
    subject = dossier()
    by_mail = Recipient(name="Lam", email="lam@example.com")
    by_phone = Recipient(name="Lam", phone="0900000122")
    tell(subject, to=by_mail if channel == "email" else by_phone)
    assert api.deliver_due() == 0
    (message,) = api.messages_about(subject)
    assert (message.state, message.tries) == ("failed", 1)
    assert "từ chối" in message.trouble


def test_a_senseless_answer_is_tried_again(texts: None, outside: Outside) -> None:
    outside.fault("garbage")
    subject = dossier()
    tell(subject)
    assert api.deliver_due() == 0
    assert {m.state for m in api.messages_about(subject)} == {"waiting"}


def test_an_address_that_is_none_is_given_up(texts: None, outside: Outside) -> None:
    subject = dossier()
    tell(subject, to=Recipient(name="Lam", email="không phải\nđịa chỉ"))
    assert api.deliver_due() == 0
    assert [m.state for m in api.messages_about(subject)] == ["failed"]


def test_without_a_channel_messages_wait_and_the_status_says_so(
    texts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUASO_SMTP", raising=False)
    monkeypatch.delenv("CUASO_SMS_URL", raising=False)
    subject = dossier()
    tell(subject)
    assert api.deliver_due() == 0
    assert {(m.state, m.tries) for m in api.messages_about(subject)} == {("waiting", 0)}
    assert [s.say for s in api.status()] == [
        "Thư điện tử chưa cấu hình.",
        "Tin nhắn chưa cấu hình.",
    ]


def test_dying_between_sending_and_marking_sends_again_under_the_same_key(
    texts: None, outside: Outside
) -> None:
    subject = dossier()
    tell(subject, to=Recipient(name="Lam", phone="0900000122"))
    sent: list[str] = []

    def die(letter: Letter) -> str:
        sent.append(letter.id)
        raise KeyboardInterrupt

    moment = clock.now()
    with clock.at(moment), pytest.raises(KeyboardInterrupt):
        api.deliver_due(transport=die)
    with clock.at(moment + LEASE - timedelta(seconds=1)):
        assert api.deliver_due() == 0
    with clock.at(moment + LEASE):
        assert api.deliver_due() == 1
    assert outside.items()[0]["key"] == sent[0]


def test_sending_belongs_outside_a_transaction_and_telling_inside(
    transactional_db: None,
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        api.deliver_due()
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError):
        api.send(template="x", to=LAM, context={}, subject=dossier(), key="k")


def test_a_receipt_is_kept_once(texts: None, outside: Outside) -> None:
    subject = dossier()
    tell(subject, to=Recipient(name="Lam", phone="0900000122"))
    api.deliver_due()
    provider_id = outside.items()[0]["id"]
    signature = sign(secret="bí mật", provider_id=provider_id, state="delivered")
    receipt = {"provider_id": provider_id, "state": "delivered", "signature": signature}
    assert api.receive_receipt(**receipt)
    assert not api.receive_receipt(**receipt)
    assert [m.state for m in api.messages_about(subject)] == ["delivered"]
    assert [entry.act for entry in audit.history(subject)].count("messages.delivered") == 1


def test_a_receipt_that_is_not_signed_or_not_ours_is_refused(outside: Outside) -> None:
    with pytest.raises(NotAllowed):
        api.receive_receipt(provider_id="x", state="delivered", signature="00")
    for state, error in (("delivered", NotFound), ("burnt", Invalid)):
        signature = sign(secret="bí mật", provider_id="x", state=state)
        with pytest.raises(error):
            api.receive_receipt(provider_id="x", state=state, signature=signature)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[smtplib.SMTP]:
    """Return the connections to the mail server, as they are made."""
    made: list[smtplib.SMTP] = []

    class Counted(smtplib.SMTP):
        def __init__(self, host: str, port: int, *, timeout: float) -> None:
            super().__init__(host, port, timeout=timeout)
            made.append(self)

    monkeypatch.setattr(smtplib, "SMTP", Counted)
    return made


def a_letter(id: str) -> Letter:
    return Letter(
        id=id, channel="email", to="lam@example.com", name="Lam", headline=id, body="Kính gửi\n"
    )


def test_the_letters_of_one_round_go_over_one_connection(
    texts: None, outside: Outside, calls: list[smtplib.SMTP]
) -> None:
    for key in ("a", "b", "c"):
        tell(dossier(), key=key)
    assert api.deliver_due() == 6
    assert len(calls) == 1
    assert calls[0].sock is None


def test_a_mail_server_that_hung_up_between_two_letters_is_called_again(
    outside: Outside, calls: list[smtplib.SMTP]
) -> None:
    with one_round():
        by_email(a_letter("first-of-the-round"))
        calls[0].close()
        by_email(a_letter("second-of-the-round"))
    assert len(calls) == 2
    said = str(outside.items())
    assert said.count("first-of-the-round") == said.count("second-of-the-round") > 0
