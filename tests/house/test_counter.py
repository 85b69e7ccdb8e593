"""KT-d5: paper at the counter: the officer helps, the citizen applies, one form is one dossier."""

from dataclasses import replace

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import WalkIn
from cuaso.services.procedures.models import CodeCounter, Dossier
from tests.support.answers import COPY
from tests.support.dossiers import open_steps, rows_of, see, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
COPIES = WalkIn(
    procedure_code="2.000815",
    applicant_personal_number="052196000122",
    applicant_name="Võ Thị Hạ Lam",
    applicant_phone="0900000122",
    values=COPY,
)


def take(walk_in, actor, key="1"):
    return procedures.receive_walk_in(walk_in=walk_in, actor=actor, key=key)


@pytest.mark.usefixtures("outside")
def test_kt_d5_a_certified_copy_goes_from_the_counter_to_the_applicants_hands(official, mother):
    view = take(COPIES, official("reception"))
    assert view.fee_say == "14.000 đồng"
    assert view.due.due_at.astimezone(clock.VIETNAM).isoformat() == "2026-10-07T17:00:00+07:00"
    procedures.propose(id=view.id, values={}, note="", actor=official("handler"))
    procedures.approve(id=view.id, actor=official("leader"))
    sealed = procedures.seal(id=view.id, actor=official("clerk"))
    assert (sealed.status, sealed.result.number) == (9, "01/2026-SCT/BS")
    assert open_steps(view.id) == ["deliver"]
    assert (view.delivery_say, sealed.delivery_say) == ("", "Đã có kết quả, chờ trao")
    done = procedures.deliver(id=view.id, actor=official("reception"), to_name="Trần Văn Mẫu")
    assert (done.status_say, done.due.remaining_say) == ("Đã trả kết quả", "Xong, đúng hạn")
    assert (done.delivery_say, done.sync_say) == ("Đã trao kết quả", "")
    assert open_steps(view.id) == []
    (paper,) = locker.papers(actor=mother)
    assert paper.kind == "certified_copy"


def test_the_officer_is_the_helper_and_the_citizen_the_applicant(official, mother):
    officer = official("reception")
    view = take(COPIES, officer)
    assert (view.applicant_name, view.helper_name) == (mother.name, officer.name)
    assert (view.channel, view.status_say) == ("counter", "Đang xử lý")
    assert view.dossier_code.endswith("-261007-0001")
    row = Dossier.objects.get(id=view.id)
    assert (row.person_id, row.helper_post_id) == (mother.person_id, officer.post_id)
    assert see(view.id, mother).id == view.id


def test_the_same_form_sent_twice_is_one_dossier(official):
    first = take(COPIES, official("reception"))
    again = take(COPIES, official("reception"))
    assert (again.id, again.version) == (first.id, first.version)
    assert Dossier.objects.count() == 1


def test_an_officer_of_another_desk_does_not_get_the_dossier_of_a_guessed_key(official):
    first = take(COPIES, official("reception"))
    other = take(COPIES, official("reception", "21592"))
    assert other.id != first.id


def test_a_form_with_mistakes_is_refused_with_a_sentence_a_field_and_nothing_changed(official):
    wrong = replace(
        COPIES,
        applicant_name="Lam",
        applicant_personal_number="0521",
        values={**COPY, "papers.0.pages": "không", "pledge.sound": ""},
    )
    with pytest.raises(Invalid) as refused:
        take(wrong, official("reception"))
    fields = {problem.field for problem in refused.value.problems}
    assert {"applicant_name", "applicant_personal_number", "papers.0.pages"} <= fields
    assert (Dossier.objects.count(), CodeCounter.objects.count()) == (0, 0)


def test_a_number_that_belongs_to_another_name_is_refused_without_telling_the_name(official):
    with pytest.raises(Invalid) as refused:
        take(replace(COPIES, applicant_name="Nguyễn Thị Khác"), official("reception"))
    assert [problem.field for problem in refused.value.problems] == ["applicant_name"]
    assert "Hạ Lam" not in refused.value.problems[0].say
    assert Dossier.objects.count() == 0


def test_an_officer_cannot_receive_her_own_paper(official):
    officer = official("reception")
    herself = directory.person(officer.person_id)
    own = replace(
        COPIES,
        applicant_personal_number=herself.personal_number,
        applicant_name=herself.name,
        applicant_phone="",
    )
    with pytest.raises(NotAllowed) as refused:
        take(own, officer)
    assert refused.value.why == "Không ai được xử lý hồ sơ của chính mình."
    assert (Dossier.objects.count(), CodeCounter.objects.count()) == (0, 0)


@pytest.mark.parametrize("role", ["handler", "leader", "clerk"])
def test_only_the_desk_takes_paper(official, role):
    with pytest.raises(NotAllowed):
        take(COPIES, official(role))
    assert Dossier.objects.count() == 0


def test_a_citizen_cannot_take_paper(mother):
    with pytest.raises(NotAllowed):
        take(COPIES, mother)


def test_another_communes_desk_takes_the_paper_and_the_right_agency_settles(official):
    desk = official("reception", "21952")
    view = take(COPIES, desk)
    assert view.agency_name == "Ủy ban nhân dân phường Quy Nhơn"
    assert Dossier.objects.get(id=view.id).received_agency_id == desk.agency_id
    procedures.propose(id=view.id, values={}, note="", actor=official("handler"))
    assert open_steps(view.id) == ["approve"]


def test_a_scan_of_the_paper_is_attached_and_anothers_file_is_not(official, mother):
    officer = official("reception")
    scan = upload(officer, "ban-chinh.pdf")
    view = take(replace(COPIES, files=(("scan", scan),)), officer, key="with-scan")
    assert [(p.component, p.source_say) for p in view.papers] == [
        ("scan", "Cán bộ một cửa quét từ bản giấy")
    ]
    with pytest.raises(NotFound):
        take(replace(COPIES, files=(("scan", upload(mother)),)), officer, key="stolen")
    assert Dossier.objects.count() == 1


def test_paper_received_after_three_is_due_on_the_next_working_day(official, working_morning):
    with clock.at(working_morning.replace(day=9, hour=15, minute=0)):
        on_time = take(COPIES, official("reception"), key="on-time")
    with clock.at(working_morning.replace(day=9, hour=15, minute=1)):
        late = take(COPIES, official("reception"), key="late")
    dues = [one.due.due_at.astimezone(clock.VIETNAM).isoformat() for one in (on_time, late)]
    # Friday the ninth; the next working day is Monday the twelfth.
    assert dues == ["2026-10-09T17:00:00+07:00", "2026-10-12T17:00:00+07:00"]
    assert late.dossier_code.endswith("-261009-0002")


def test_a_flow_without_a_step_to_ask_others_neither_offers_it_nor_takes_it(official):
    view = take(COPIES, official("reception"))
    handler = official("handler")
    offered = [offer.act for offer in see(view.id, handler).acts if not offer.rare]
    assert offered == ["propose", "ask_supplement", "refuse", "claim", "assign"]
    before = rows_of(view.id)
    other = official("handler", "21592").agency_id
    with pytest.raises(Conflict) as refused:
        procedures.consult(
            id=view.id, agency_ids=[other], question="Bản chính có thật không?", actor=handler
        )
    assert refused.value.code == "procedures.no_consultation"
    assert rows_of(view.id) == before
