"""KT-d5: who leaves something out at the desk is told of all of it, and nothing changes."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.act_models import Pause, Stop
from cuaso.services.procedures.models import Dossier, Work
from tests.support.dossiers import issue, rows_of, submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def desk(official):
    """Return a browserless browser of who holds a role in Quy Nhơn."""

    def client_of(role):
        person_id = official(role).person_id
        client = Client()
        account = get_user_model().objects.get(person_id=person_id, kind="official")
        client.force_login(account, backend=BACKEND)
        return client

    return client_of


@pytest.fixture
def received(mother, official):
    id = submit_marital(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    return id


def fields(answer):
    return [problem.field for problem in answer.context["refusal"].problems]


def post(client, id, slug, **typed):
    version = Dossier.objects.get(id=id).version
    return client.post(reverse("desk:act", args=[id, slug]), {"version": version, **typed})


@pytest.mark.parametrize(
    ("slug", "left_out"),
    [("tam-dung", ["ground", "document"]), ("dung", ["ground", "reason"])],
)
def test_kt_d5_a_handler_who_fills_in_nothing_is_told_of_everything_at_once(
    desk, received, slug, left_out
):
    before = rows_of(received)
    answer = post(desk("handler"), received, slug)
    assert answer.status_code == 422
    assert fields(answer) == left_out
    assert rows_of(received) == before
    assert Stop.objects.count() == Pause.objects.count() == 0


def test_kt_d5_a_leader_who_revokes_with_nothing_is_told_of_ground_and_reason(
    desk, mother, official
):
    id = submit_marital(mother).dossier_id
    issue(id, mother, official)
    before = rows_of(id)
    answer = post(desk("leader"), id, "thu-hoi")
    assert fields(answer) == ["ground", "reason"]
    assert rows_of(id) == before


def test_kt_d5_who_names_no_deputy_and_no_days_is_told_of_all_three(desk):
    answer = desk("leader").post(reverse("desk:absence"), {"act": "set"})
    assert answer.status_code == 422
    assert fields(answer) == ["deputy_post_id", "since", "until"]
    assert procedures.deputies(actor=answer.wsgi_request.actor) == ()


def test_kt_d5_a_cashier_who_types_no_amount_is_asked_for_one(desk):
    answer = desk("reception").post(reverse("desk:cash_up"), {"counted": ""})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Hãy ghi số tiền, ví dụ 150.000; không có tiền thì ghi 0." in said
    assert "Không đọc được số tiền" not in said


def test_kt_d5_while_the_clock_stands_no_day_is_promised_at_the_desk(desk, received):
    client = desk("handler")
    running = client.get(reverse("desk:dossier", args=[received])).content.decode()
    assert ", hẹn 17 giờ 12/10/2026" in running
    answer = post(
        client,
        received,
        "tam-dung",
        ground=procedures.grounds(act="pause")[0].code,
        document="Công văn số 12/UBND ngày 05/10/2026",
    )
    assert answer.status_code == 302
    paused = client.get(reverse("desk:dossier", args=[received])).content.decode()
    assert "Tạm dừng tính thời hạn" in paused
    assert ", hẹn 17 giờ" not in paused


def test_kt_d5_who_asks_for_a_supplement_again_reads_what_was_asked_before(
    desk, mother, official, received
):
    client = desk("handler")
    page = reverse("desk:act", args=[received, "yeu-cau-bo-sung"])
    assert "đã được yêu cầu bổ sung" not in client.get(page).content.decode()
    procedures.ask_supplement(
        id=received,
        items=["Bản chụp căn cước"],
        reason="Thiếu giấy tờ.",
        actor=official("handler"),
    )
    procedures.supplement(id=received, note="Tôi nộp tại quầy.", files=[], values={}, actor=mother)
    again = client.get(page).content.decode()
    assert "Hồ sơ này đã được yêu cầu bổ sung" in again
    assert "<li>Bản chụp căn cước</li>" in again
    assert re.findall(r'name="items" value="([^"]*)"', again) == ["Bản chụp căn cước"]


def test_kt_d5_what_a_request_left_out_is_not_asked_for_later_what_lacks_still_is(
    mother, official, received
):
    handler, asked = official("handler"), ["Bản chụp căn cước", "Đơn có chữ ký"]
    procedures.ask_supplement(id=received, items=asked, reason="Thiếu giấy tờ.", actor=handler)
    answered = procedures.supplement(
        id=received, note="Tôi nộp tại quầy.", files=[], values={}, actor=mother
    )
    before = procedures.dossier(id=received, actor=handler)
    with pytest.raises(Invalid) as refusal:
        procedures.ask_supplement(
            id=received,
            items=["Đơn có chữ ký", "Giấy tờ nghĩ ra sau"],
            reason="Thiếu nữa.",
            actor=handler,
        )
    assert refusal.value.code == "procedures.supplement_asked_already"
    assert [(one.field, one.say) for one in refusal.value.problems] == [
        ("items", "“Giấy tờ nghĩ ra sau” không có trong yêu cầu trước.")
    ]
    assert procedures.dossier(id=received, actor=handler) == before
    again = procedures.ask_supplement(
        id=received, items=["đơn có chữ ký"], reason="Đơn chưa ký.", actor=handler
    )
    assert (answered.status, again.status) == (before.status, 5)
    assert again.supplement.items == ("đơn có chữ ký",)


def _ask_and_answer(id, item, actor, mother):
    procedures.ask_supplement(id=id, items=[item], reason="Còn thiếu.", actor=actor)
    procedures.supplement(id=id, note="Đã nộp.", files=[], values={}, actor=mother)


def test_kt_d5_the_counter_and_who_settles_each_ask_for_a_supplement_once(
    mother, official, submitted
):
    reception, handler = official("reception"), official("handler")
    _ask_and_answer(submitted, "Tờ khai rõ hơn", reception, mother)
    with clock.at(clock.now() + timedelta(hours=1)):
        procedures.receive(id=submitted, actor=reception)
        _ask_and_answer(submitted, "Hộ chiếu", handler, mother)
    seen = procedures.dossier(id=submitted, actor=handler)
    assert (seen.supplement.items, seen.supplement.binds) == (("Hộ chiếu",), True)


def test_kt_d5_a_leader_finds_old_open_work_behind_any_number_of_newer_dossiers(
    mother, official, received
):
    leader = official("leader")
    newer = submit_marital(mother, key="newer").dossier_id
    procedures.withdraw(id=newer, reason="Tôi nộp nhầm hai lần.", actor=mother)
    late = submit_marital(mother, key="late").dossier_id
    procedures.receive(id=late, actor=official("reception"))
    Work.objects.filter(dossier=late, done_at=None).update(due_at="2026-10-01T10:00:00Z")
    told = procedures.work_to_give(actor=leader, limit=1)
    assert ([row.id for row in told.rows], told.capped) == ([late], True)
    whole = procedures.work_to_give(actor=leader)
    assert ([row.id for row in whole.rows], whole.capped) == ([late, received], False)
    assert procedures.work_to_give(actor=official("leader", "21592")).rows == ()


def test_kt_d5_a_leader_with_much_work_is_told_that_the_list_goes_on(
    desk, received, mother, official, monkeypatch
):
    monkeypatch.setattr("cuaso.channels.desk.views.people.MOST", 1)
    alone = desk("leader").get(reverse("desk:reassign")).content.decode()
    assert "gấp nhất" not in alone
    other = submit_marital(mother, key="other").dossier_id
    procedures.receive(id=other, actor=official("reception"))
    more = desk("leader").get(reverse("desk:reassign")).content.decode()
    assert "Đang hiện 1 hồ sơ gấp nhất; gõ mã hoặc tên để tìm hồ sơ khác." in more
