"""Asking the population source, in good days and bad."""

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction

from cuaso.capabilities.exchange import api, models
from cuaso.capabilities.exchange.logic.retry import LEASE
from cuaso.capabilities.exchange.tests.conftest import (
    CHILD,
    LAM_NUMBER,
    MOMENT,
    OFFICER,
    Source,
    consent,
    dossier,
)
from cuaso.capabilities.exchange.tests.outbox import payloads
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from cuaso.kernel.numbers import PersonalNumber
from cuaso.kernel.subjects import Subject

pytestmark = pytest.mark.django_db
population = api.population
PURPOSE = "Điền sẵn tờ khai đăng ký khai sinh"


def ask(subject: Subject, *scope: str, number: str = LAM_NUMBER, purpose: str = PURPOSE):
    return population.person_facts(
        personal_number=number,
        purpose=purpose,
        consent=consent(*scope),
        actor=OFFICER,
        subject=subject,
    )


def request(subject: Subject, key: str) -> str:
    return population.request_personal_number(child=CHILD, subject=subject, key=key, actor=OFFICER)


def test_facts_come_with_evidence_and_the_owner_sees_the_look(
    population_source: Source,
) -> None:
    lam = directory.ensure_person(
        actor=OFFICER,
        name="Võ Thị Hạ Lam",
        personal_number=LAM_NUMBER,
        birth_date=date(1996, 5, 4),
        sex="female",
        place_code="21583",
        invented=True,
    )
    subject = dossier()
    facts = ask(subject)
    assert (facts.name, facts.birth_date, facts.sex) == (
        "Võ Thị Hạ Lam",
        date(1996, 5, 4),
        "female",
    )
    assert facts.residence == "12 đường Minh Hoạ"
    assert len(facts.evidence.sha256) == 64
    assert population.evidence_about(subject) == (facts.evidence,)
    assert "Lam" not in str(models.Evidence.objects.values().get())
    assert [entry.act for entry in audit.history(subject)] == ["exchange.population_asked"]
    assert [look.purpose for look in audit.looks_at(lam.id)] == [PURPOSE]


def test_only_what_the_consent_covers_comes_back(population_source: Source) -> None:
    facts = ask(dossier(), "residence")
    assert (facts.name, facts.birth_date, facts.place_code) == ("", None, "21583")


@pytest.mark.parametrize("scope", ["nothing", "health"])
def test_without_consent_nothing_is_asked(population_source: Source, scope: str) -> None:
    with pytest.raises(NotAllowed):
        ask(dossier(), scope)
    with pytest.raises(NotAllowed):
        population.person_facts(
            personal_number=LAM_NUMBER, purpose=PURPOSE, consent=None, actor=OFFICER
        )
    assert models.Evidence.objects.count() == 0


def test_without_purpose_or_with_a_malformed_number_nothing_is_asked(
    population_source: Source,
) -> None:
    with pytest.raises(Invalid) as refused:
        ask(dossier(), purpose=" ")
    assert refused.value.code == "exchange.no_purpose"
    with pytest.raises(Invalid):
        ask(dossier(), number="12345")
    assert models.Evidence.objects.count() == 0


def test_nobody_of_that_number_leaves_evidence_too(population_source: Source) -> None:
    subject = dossier()
    with pytest.raises(NotFound):
        ask(subject, number="052196999999")
    assert [evidence.found for evidence in population.evidence_about(subject)] == [False]


@pytest.mark.parametrize(("mode", "kind"), [("down", "down"), ("garbage", "garbage")])
def test_three_failures_in_a_row_open_the_breaker_for_ten_seconds(
    population_source: Source, mode: str, kind: str
) -> None:
    population_source.fault(mode)
    with clock.at(MOMENT):
        for _ in range(3):
            with pytest.raises(Unavailable) as failed:
                ask(dossier())
            assert failed.value.code == f"exchange.population_{kind}"
        population_source.fault("ok")
        with pytest.raises(Unavailable) as rested:
            ask(dossier())
        assert rested.value.code == "exchange.population_resting"
        assert population.status().resting_until == MOMENT + timedelta(seconds=10)
        assert not population.status().ok
    with clock.at(MOMENT + timedelta(seconds=10)):
        assert ask(dossier()).name == "Võ Thị Hạ Lam"
        assert population.status().ok
    assert models.Evidence.objects.count() == 1


def test_a_slow_source_is_not_waited_for(population_source: Source) -> None:
    population_source.fault("slow", delay_seconds=6)
    began = time.monotonic()
    with pytest.raises(Unavailable) as failed:
        ask(dossier())
    assert failed.value.code == "exchange.population_slow"
    assert time.monotonic() - began < 5.5


def test_without_a_source_the_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUASO_POPULATION_URL", raising=False)
    with pytest.raises(Unavailable) as failed:
        ask(dossier())
    assert failed.value.what == "Chưa cấu hình nguồn dữ liệu dân cư."
    assert not population.status().configured


def test_a_new_born_gets_one_number_however_often_it_is_asked(
    population_source: Source,
) -> None:
    subject = dossier()
    key = f"birth:{subject.id}"
    number = request(subject, key)
    assert request(subject, key) == number
    assert PersonalNumber.parse(number).birth_year == 2025
    (event,) = payloads("exchange.personal_number_given")
    assert event["key"] == key
    assert event["personal_number"] == number
    assert event["subject"] == {"kind": subject.kind, "id": str(subject.id)}
    (wish,) = population.pending_about(subject)
    assert (wish.state, wish.say) == ("given", "Đã có số định danh.")
    assert models.Pending.objects.get().child == {}


def test_when_the_source_is_down_the_dossier_waits_says_so_and_goes_on_by_itself(
    population_source: Source,
) -> None:
    population_source.fault("down")
    subject = dossier()
    with clock.at(MOMENT):
        with pytest.raises(Unavailable) as waits:
            request(subject, f"birth:{subject.id}")
        assert waits.value.what == (
            "Không nối được với nguồn dữ liệu dân cư. Hệ thống tự xin lại lúc 09:01 ngày "
            "02/07/2025; hồ sơ được giữ nguyên và sẽ tự đi tiếp."
        )
        assert population.retry_due() == 0
        assert population.status().waiting == 1
    with clock.at(MOMENT + timedelta(minutes=1)):
        assert population.retry_due() == 0
    (wish,) = population.pending_about(subject)
    assert (wish.tries, wish.next_try_at) == (2, MOMENT + timedelta(minutes=3))
    population_source.fault("ok")
    with clock.at(MOMENT + timedelta(minutes=3)):
        assert population.retry_due() == 1
        assert population.retry_due() == 0
    assert len(payloads("exchange.personal_number_given")) == 1


def test_a_wish_is_written_with_the_act_and_asked_afterwards(
    population_source: Source,
) -> None:
    subject = dossier()
    with transaction.atomic():
        wish = population.want_personal_number(
            child=CHILD, subject=subject, key=f"w:{subject.id}", actor=OFFICER
        )
    assert wish.say == "Đang xin số định danh từ nguồn dữ liệu dân cư."
    assert population.retry_due() == 1
    assert len(population.pending_about(subject)[0].personal_number) == 12


def test_a_process_that_died_while_asking_asks_again_under_the_same_key(
    population_source: Source,
) -> None:
    subject = dossier()
    key = f"w:{subject.id}"
    with clock.at(MOMENT):
        with transaction.atomic():
            population.want_personal_number(child=CHILD, subject=subject, key=key, actor=OFFICER)
        models.Pending.objects.update(next_try_at=clock.now() + LEASE)
        assert population.retry_due() == 0
    with clock.at(MOMENT + LEASE):
        assert population.retry_due() == 1


def test_a_key_for_another_child_is_refused_and_the_first_wish_stands(
    population_source: Source,
) -> None:
    subject = dossier()
    key = f"w:{subject.id}"
    with transaction.atomic():
        population.want_personal_number(child=CHILD, subject=subject, key=key, actor=OFFICER)
    before = models.Pending.objects.values().get()
    with pytest.raises(Conflict), transaction.atomic():
        population.want_personal_number(
            child=replace(CHILD, name="Khác"), subject=subject, key=key, actor=OFFICER
        )
    assert models.Pending.objects.values().get() == before


def test_unfit_facts_name_their_fields() -> None:
    child = replace(CHILD, name=" ", birth_date=date(2999, 1, 1))
    with pytest.raises(Invalid) as refused, transaction.atomic():
        population.want_personal_number(child=child, subject=dossier(), key="k", actor=OFFICER)
    assert [p.field for p in refused.value.problems] == ["name", "birth_date"]
    assert models.Pending.objects.count() == 0


def test_a_source_that_refuses_for_good_is_not_asked_again(population_source: Source) -> None:
    population_source.fault("refuse")
    subject = dossier()
    with pytest.raises(Invalid) as refused:
        request(subject, f"r:{subject.id}")
    assert refused.value.what.startswith("Nguồn dữ liệu dân cư không cấp số:")
    assert len(payloads("exchange.personal_number_refused")) == 1
    population_source.fault("ok")
    assert population.retry_due() == 0


def test_corrected_facts_may_ask_again_after_a_refusal(population_source: Source) -> None:
    population_source.fault("refuse")
    subject = dossier()
    key = f"r:{subject.id}"
    for _ in range(2):
        with pytest.raises(Invalid):
            request(subject, key)
    assert len(payloads("exchange.personal_number_refused")) == 2
    population_source.fault("ok")
    corrected = replace(CHILD, name="Trần Minh Khuê")
    number = population.request_personal_number(
        child=corrected, subject=subject, key=key, actor=OFFICER
    )
    assert [wish.personal_number for wish in population.pending_about(subject)] == [number]
