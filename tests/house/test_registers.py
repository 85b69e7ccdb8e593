"""KT-d5: the register of dossiers of an agency: from rows, by the form of its day, by right."""

import csv
import io
from datetime import date, timedelta

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotAllowed
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.logic.matter.status import Status
from cuaso.services.procedures.logic.sheets import register
from cuaso.services.procedures.models import Dossier, Work
from tests.support import june
from tests.support.dossiers import submit_birth, submit_marital
from tests.support.pdf import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
TODAY = date(2026, 10, 7)


def drawn(actor, kind="csv", *, since=TODAY, until=TODAY, agency_id=None) -> bytes:
    content = procedures.register_content(
        agency_id=agency_id or actor.agency_id, since=since, until=until, kind=kind, actor=actor
    )
    return b"".join(content.chunks)


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def entries(agency_id):
    about = Subject(kind="directory.agency", id=agency_id)
    return [one for one in audit.history(about) if one.act == "procedures.register_drawn"]


@pytest.fixture
def received(mother, official):
    """Return two wishes for a marital confirmation, received one after the other."""
    ids = [submit_marital(mother, key=key).dossier_id for key in ("k1", "k2")]
    for minutes, id in enumerate(ids):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            procedures.receive(id=id, actor=official("reception"))
    return [Dossier.objects.get(id=id) for id in ids]


def test_the_desk_draws_its_register_as_a_table_in_the_order_of_receipt(received, official):
    rows = table(drawn(official("reception")))
    assert [row["Mã hồ sơ"] for row in rows] == [one.dossier_code for one in received]
    assert rows[0] == {
        "TT": "1",
        "Mã hồ sơ": received[0].dossier_code,
        "Mã thủ tục": "1.004873",
        "Tên thủ tục": "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
        "Số bộ": "01",
        "Tên cá nhân, tổ chức": "Võ Thị Hạ Lam",
        "Địa chỉ": "12 đường Minh Hoạ, phường Quy Nhơn, tỉnh Gia Lai",
        "Số điện thoại": "0900000122",
        "Cơ quan chủ trì giải quyết": "Ủy ban nhân dân phường Quy Nhơn",
        "Cách nộp": "Trực tuyến",
        "Nhận hồ sơ": "07/10/2026 09:00",
        "Hẹn trả kết quả": "12/10/2026 17:00",
        "Giải quyết xong": "",
        "Trả kết quả": "",
        "Nơi trả kết quả": "",
        "Ghi chú": "Đang xử lý",
    }


def test_the_register_of_today_is_printed_under_the_form_of_the_present_regime(received, official):
    text = text_of(drawn(official("reception"), "pdf"))
    assert "Mẫu số 07, Phụ lục I ban hành kèm theo Thông tư 03/2025/TT-VPCP" in text
    assert "SỔ THEO DÕI HỒ SƠ" in text
    assert "Từ ngày 07 tháng 10 năm 2026 đến ngày 07 tháng 10 năm 2026, gồm 2 hồ sơ" in text
    assert official("reception").name in text


def test_what_was_refused_stopped_or_late_says_so(received, mother, official):
    procedures.refuse(
        id=received[0].id, reason="Không thuộc thẩm quyền.", actor=official("handler")
    )
    with clock.at(clock.now() + timedelta(days=30)):
        rows = table(drawn(official("reception")))
    assert [row["Ghi chú"] for row in rows] == ["Dừng xử lý", "Đang xử lý, quá hạn"]


def test_a_result_handed_over_late_says_when_and_where(received, official):
    row = received[0]
    late = row.due_at + timedelta(minutes=30)
    Dossier.objects.filter(id=row.id).update(status=Status.DELIVERED, finished_at=late)
    Work.objects.create(
        dossier=row,
        task_id=new_id(),
        element="deliver",
        title="Trả kết quả",
        role="reception",
        submitted_at=row.submitted_at,
        since_at=late,
        done_at=late + timedelta(minutes=5),
        outcome="delivered",
    )
    said = table(drawn(official("reception")))[0]
    due = clock.legal_date(row.due_at)
    assert said["Giải quyết xong"] == f"{due:%d/%m/%Y} 17:30"
    assert said["Trả kết quả"] == f"{due:%d/%m/%Y} 17:35"
    assert said["Nơi trả kết quả"] == "Kho giấy tờ điện tử"
    assert said["Ghi chú"] == "Quá hạn"


def test_a_dossier_stands_in_the_register_of_the_day_of_its_receipt_only(received, official):
    del received
    desk = official("reception")
    before, after = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    assert table(drawn(desk, since=before, until=before)) == []
    assert table(drawn(desk, since=after, until=after)) == []
    assert len(table(drawn(desk, since=before, until=after))) == 2


def test_an_officer_of_another_commune_neither_draws_nor_sees_it(received, official):
    stranger = official("reception", "21592")
    ours = official("reception").agency_id
    with pytest.raises(NotAllowed) as refused:
        drawn(stranger, agency_id=ours)
    assert refused.value.code == "procedures.register_of_another"
    assert table(drawn(stranger)) == []
    assert entries(ours) == []
    assert ours not in dict(procedures.register_agencies(actor=stranger))
    assert Dossier.objects.filter(id__in=[one.id for one in received]).count() == 2


def test_a_citizen_draws_no_register(received, mother):
    with pytest.raises(NotAllowed):
        drawn(mother, agency_id=received[0].agency_id)
    assert procedures.register_agencies(actor=mother) == ()


def test_the_leader_chooses_between_the_committee_and_the_centre_below_it(received, official):
    leader = official("leader")
    agencies = dict(procedures.register_agencies(actor=leader))
    assert next(iter(agencies)) == leader.agency_id
    assert official("reception").agency_id in agencies
    assert len(table(drawn(leader))) == 2


def test_each_drawing_is_written_into_the_ledger(received, official):
    desk = official("reception")
    drawn(desk)
    (entry,) = entries(desk.agency_id)
    assert entry.actor_name == desk.name
    assert entry.content == {
        "since": "2026-10-07",
        "until": "2026-10-07",
        "kind": "csv",
        "rows": 2,
    }


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (date(2026, 10, 7), date(2026, 10, 6), "until"),
        (date(2025, 9, 1), date(2026, 10, 7), "until"),
        (date(2025, 6, 30), date(2025, 7, 1), "since"),
    ],
)
def test_a_period_that_is_backward_too_long_or_of_two_forms_is_refused(
    official, since, until, field
):
    desk = official("reception")
    with pytest.raises(Invalid) as refused:
        drawn(desk, since=since, until=until)
    assert [one.field for one in refused.value.problems] == [field]
    assert entries(desk.agency_id) == []


def test_a_register_longer_than_one_print_holds_is_refused_whole(received, official, monkeypatch):
    monkeypatch.setitem(register.MOST, "pdf", 1)
    desk = official("reception")
    with pytest.raises(Invalid) as refused:
        drawn(desk, "pdf")
    assert refused.value.code == "procedures.register_too_long"
    assert entries(desk.agency_id) == []
    assert len(received) == len(table(drawn(desk)))


def test_batches_follow_each_other_without_double_or_gap(received, official, monkeypatch):
    Dossier.objects.update(received_at=received[0].received_at)
    monkeypatch.setattr(register, "BATCH", 1)
    rows = table(drawn(official("reception")))
    assert sorted(row["Mã hồ sơ"] for row in rows) == sorted(one.dossier_code for one in received)


def test_a_name_that_is_a_formula_reaches_the_table_as_text(received, official):
    Dossier.objects.filter(id=received[0].id).update(applicant_name='=HYPERLINK("http://x")')
    rows = table(drawn(official("reception")))
    assert rows[0]["Tên cá nhân, tổ chức"] == '\'=HYPERLINK("http://x")'


def test_the_register_of_june_2025_bears_the_form_and_the_ward_of_its_day(mother):
    with clock.at(june.JUNE_30):
        desk = june.staff()["reception"]
        id = submit_birth(mother, child__birth_date="20/06/2025").dossier_id
        procedures.receive(id=id, actor=desk)
        text = text_of(drawn(desk, "pdf", since=date(2025, 6, 1), until=date(2025, 6, 30)))
    assert "Mẫu số 06, Phụ lục ban hành kèm theo Thông tư 01/2018/TT-VPCP" in text
    assert "PHƯỜNG THỊ NẠI" in text
    assert "H08.50.09-250630-0001" in text
    assert "Ủy ban nhân dân phường Thị Nại" in text
