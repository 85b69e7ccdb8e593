"""KT-d5: agencies end and others take over; what stood at them goes on by itself."""

from datetime import date, datetime

import pytest

from cuaso.foundation.audit.models import Entry
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import NotFound
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures import jobs
from cuaso.services.procedures.act_models import Transfer
from cuaso.services.procedures.models import Dossier
from tests.support import june
from tests.support.dossiers import submit_birth
from tests.support.pdf import text_of

pytestmark = pytest.mark.django_db

FEBRUARY = datetime(2025, 2, 27, 9, 0, tzinfo=clock.VIETNAM)
MARCH = datetime(2025, 3, 1, 0, 5, tzinfo=clock.VIETNAM)
MONDAY = datetime(2025, 3, 3, 9, 0, tzinfo=clock.VIETNAM)
FORMER = "so-tai-nguyen-va-moi-truong-binh-dinh-2024"
MERGED = "so-nong-nghiep-va-moi-truong-binh-dinh"
ASKED = "Xin xác nhận vị trí thửa đất nơi trẻ cư trú."
HANDED = (
    "Ủy ban nhân dân phường Thị Nại được tổ chức lại; Ủy ban nhân dân phường Quy Nhơn làm tiếp."
)


@pytest.fixture
def ward(db):
    return june.staff()


def submitted(mother, birth):
    return submit_birth(mother, key=str(clock.now()), child__birth_date=birth).dossier_id


def appointed(key, number, start, until=None):
    """Return who handles in a department from a day on."""
    person = directory.find_person(number)
    post = directory.appoint(
        agency_id=directory.agency_by_key(key).id,
        person_id=person.id,
        title="Chuyên viên",
        roles=["handler"],
        start=start,
        actor=system("Kiểm thử"),
    )
    return directory.actor_for_post(post.id, on=start)


def told(id):
    """Return the ledger's acts on a dossier, in order."""
    return list(
        Entry.objects.filter(subject_id=id).order_by("position").values_list("act", flat=True)
    )


def test_KT_d5_a_dossier_of_an_abolished_ward_goes_on_at_its_successor_by_itself(
    mother, ward, official
):
    with clock.at(june.JUNE_30):
        id = submitted(mother, "20/06/2025")
        procedures.receive(id=id, actor=ward["reception"])
        assert jobs.hand_to_heirs() == 0
    with clock.at(june.MIDNIGHT):
        assert jobs.hand_to_heirs() == 1
        assert jobs.hand_to_heirs() == 0
    came = Transfer.objects.get(dossier_id=id)
    assert (came.from_agency_id, came.to_agency_id) == (
        june.before_july().id,
        june.since_july().id,
    )
    assert (came.inherited, came.reason) == (True, HANDED)
    assert told(id)[-1] == "procedures.inherited"
    with clock.at(june.JULY_1):
        handler = official("handler")
        assert id in {row.id for row in procedures.queue(actor=handler).rows}
        seen = procedures.dossier(id=id, actor=handler)
        assert "hand_back" not in {offer.act for offer in seen.acts}
        citizen = procedures.dossier(id=id, actor=mother)
    assert citizen.due.due_at == seen.due.due_at
    assert seen.due.due_at.astimezone(clock.VIETNAM).date() == date(2025, 7, 1)


def test_KT_d5_what_the_ward_had_finished_is_answered_for_by_its_successor_and_nobody_is_told(
    mother, ward, official
):
    with clock.at(june.JUNE_30):
        id = submitted(mother, "20/06/2025")
        procedures.refuse(id=id, reason="Trẻ đã được đăng ký khai sinh.", actor=ward["reception"])
    before = Dossier.objects.get(id=id)
    with clock.at(june.JULY_1), pytest.raises(NotFound):
        procedures.dossier(id=id, actor=official("leader"))
    assert june.reorganise() == 1
    after = Dossier.objects.get(id=id)
    assert (after.agency_id, after.received_agency_id) == (
        june.since_july().id,
        before.received_agency_id,
    )
    assert (after.status, after.finished_at) == (before.status, before.finished_at)
    with clock.at(june.JULY_1):
        seen = procedures.dossier(id=id, actor=official("leader"), purpose="Trả lời người dân.")
    assert seen.id == id
    assert told(id)[-2:] == ["procedures.refused", "procedures.inherited"]


def test_KT_d5_a_question_to_a_department_of_february_is_answered_by_the_merged_one_of_march(
    mother, ward
):
    with clock.at(FEBRUARY):
        id = submitted(mother, "20/02/2025")
        procedures.receive(id=id, actor=ward["reception"])
        handler = ward["handler"]
        former = appointed(FORMER, "052190000101", date(2025, 1, 1))
        asked = directory.agency_by_key(FORMER)
        view = procedures.consult(
            id=id, agency_ids=[asked.id], question=ASKED, actor=handler
        ).consultations
        assert [(one.agency_name, one.answer) for one in view] == [
            ("Sở Tài nguyên và Môi trường tỉnh Bình Định", "")
        ]
        assert procedures.dossier(id=id, actor=former).id == id
    with clock.at(MARCH):
        assert jobs.hand_to_heirs() == 1
        assert jobs.hand_to_heirs() == 0
        assert not Transfer.objects.filter(dossier_id=id).exists()
    with clock.at(MONDAY):
        merged = appointed(MERGED, "052086000102", date(2025, 3, 1))
        procedures.answer_consultation(
            id=id, consultation_id=view[0].id, answer="Đúng vị trí.", actor=merged
        )
        found = procedures.dossier(id=id, actor=handler).consultations
        sheet = procedures.form_content(dossier_id=id, form="control_sheet", actor=handler)
        text = text_of(b"".join(sheet.chunks))
    assert [(one.agency_name, one.answer) for one in found] == [
        ("Sở Nông nghiệp và Môi trường tỉnh Bình Định", "Đúng vị trí.")
    ]
    assert "Sở Nông nghiệp và Môi trường tỉnh Bình Định" in text
    assert "Ủy ban nhân dân phường Thị Nại" in text


def test_an_agency_that_several_took_over_has_no_heir_and_its_work_waits_for_a_person():
    heirs = directory.heirs(date(2025, 7, 1))
    assert heirs[june.before_july().id].id == june.since_july().id
    assert heirs[directory.agency_by_key(FORMER).id].name == (
        "Sở Nông nghiệp và Môi trường tỉnh Gia Lai"
    )
    assert june.since_july().id not in heirs
    assert directory.agency_by_key(FORMER).id not in directory.heirs(date(2025, 2, 28))
