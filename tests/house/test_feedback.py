"""KT-d5: an applicant says how they were served, and complains; figures name nobody."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from cuaso.capabilities.messages import api as messages
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import ANONYMOUS
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso.services.feedback import api as feedback
from cuaso.services.feedback.contracts import Figures, Verdict
from cuaso.services.feedback.models import Complaint, Rating
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.logic.matter.status import Status
from cuaso.services.procedures.models import Dossier
from tests.support.answers import FATHER, QUY_NHON
from tests.support.dossiers import issue, let_the_house_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
TOKEN = re.compile(r"/danh-gia/([^/\s]+)/")
TEXT = "Tôi đến ba lần mà không ai hướng dẫn rõ ràng."
ANSWER = "Cơ quan đã nhắc nhở và xin lỗi ông/bà vì việc này."


@pytest.fixture
def delivered(submitted: UUID) -> UUID:
    """Return a birth registration that stands as delivered, without the way there."""
    Dossier.objects.filter(id=submitted).update(status=Status.DELIVERED)
    feedback.ask_rating(dossier_id=submitted)
    return submitted


def acted(dossier_id: UUID, actor, act: str) -> None:
    """Write an official's act into the ledger as the dossier's way would have."""
    about = Subject(kind="procedures.dossier", id=dossier_id)
    audit.record(actor=actor, act=f"procedures.{act}", subject=about, content={})


def good(score: int = 5, **criteria: int) -> Verdict:
    return Verdict(score=score, criteria=criteria, remark="Cán bộ Nguyễn Văn A rất chu đáo.")


def token_in_the_message(dossier_id: UUID) -> str:
    about = Subject(kind="procedures.dossier", id=dossier_id)
    found = [TOKEN.search(letter.body) for letter in messages.messages_about(about)]
    return next(match[1] for match in found if match)


def letters(dossier_id: UUID, template: str) -> list[str]:
    about = Subject(kind="procedures.dossier", id=dossier_id)
    return [one.body for one in messages.messages_about(about) if one.template == template]


def acts_on(kind: str, id: UUID) -> list[str]:
    return [entry.act for entry in audit.history(Subject(kind=kind, id=id))]


def test_KT_d5_an_applicant_rates_a_delivered_dossier_once_and_changes_it_within_seven_days(
    submitted, mother, official, working_morning
):
    delivered = submitted
    issue(delivered, mother, official)
    let_the_house_work()
    asked = feedback.rating(dossier_id=delivered, actor=mother)
    assert (asked.verdict, asked.may_rate) == (None, True)
    feedback.rate(dossier_id=delivered, verdict=good(5, attitude=5, time=4), actor=mother)
    with clock.at(working_morning + timedelta(days=7)):
        changed = feedback.rate(dossier_id=delivered, verdict=good(3, time=2), actor=mother)
    assert changed.verdict.score == 3
    assert changed.verdict.criteria == {"time": 2}
    with (
        clock.at(working_morning + timedelta(days=7, minutes=1)),
        pytest.raises(Conflict, match="7 ngày"),
    ):
        feedback.rate(dossier_id=delivered, verdict=good(1), actor=mother)
    row = Rating.objects.get(dossier_id=delivered)
    assert (row.score, row.rated_at, row.late) == (3, working_morning, False)
    assert acts_on("feedback.rating", row.id) == [
        "feedback.rating_asked",
        "feedback.rated",
        "feedback.rating_changed",
    ]


def test_an_applicant_opens_the_signed_link_of_the_message_and_rates_without_signing_in(
    delivered, working_morning
):
    token = token_in_the_message(delivered)
    assert feedback.rating_by_link(token=token, actor=ANONYMOUS).verdict is None
    given = feedback.rate_by_link(token=token, verdict=good(4), actor=ANONYMOUS)
    assert given.verdict.score == 4
    with clock.at(working_morning + timedelta(days=61)), pytest.raises(NotFound, match="60 ngày"):
        feedback.rating_by_link(token=token, actor=ANONYMOUS)
    for forged in (token[:-1] + ("a" if token[-1] != "a" else "b"), delivered.hex, "x"):
        with pytest.raises(NotFound):
            feedback.rate_by_link(token=forged, verdict=good(1), actor=ANONYMOUS)
    assert Rating.objects.get(dossier_id=delivered).score == 4


def test_an_official_and_another_citizen_rate_nothing(delivered, official, citizen):
    token = token_in_the_message(delivered)
    for stranger in (official("handler"), official("leader"), citizen(FATHER)):
        assert feedback.rating(dossier_id=delivered, actor=stranger) is None
        with pytest.raises(NotAllowed, match="Chỉ người nộp hồ sơ"):
            feedback.rate(dossier_id=delivered, verdict=good(), actor=stranger)
        with pytest.raises(NotAllowed):
            feedback.rate_by_link(token=token, verdict=good(), actor=stranger)
    assert Rating.objects.get(dossier_id=delivered).score is None


def test_an_applicant_rates_before_the_result_or_with_a_wrong_score_and_nothing_is_kept(
    submitted, mother
):
    with pytest.raises(NotFound, match="sau khi nhận kết quả"):
        feedback.rate(dossier_id=submitted, verdict=good(), actor=mother)
    assert not Rating.objects.exists()


def test_a_wrong_score_is_named_by_its_field(delivered, mother):
    with pytest.raises(Invalid) as refused:
        feedback.rate(
            dossier_id=delivered,
            verdict=Verdict(score=6, criteria={"attitude": 0}, remark="x" * 2001),
            actor=mother,
        )
    assert [one.field for one in refused.value.problems] == ["score", "attitude", "remark"]
    assert Rating.objects.get(dossier_id=delivered).score is None


def test_an_agency_delivers_twice_told_once_asks_once(delivered, mother):
    feedback.ask_rating(dossier_id=delivered)
    assert len(letters(delivered, "rating_asked")) == 1
    assert Rating.objects.filter(dossier_id=delivered).count() == 1


def rated(
    agency_id: UUID, *, score: int | None, day: date, late: bool = False, code: str = "1.001193"
) -> UUID:
    dossier_id = new_id()
    at = datetime(day.year, day.month, day.day, 23, 30, tzinfo=clock.VIETNAM)
    Rating.objects.create(
        dossier_id=dossier_id,
        agency_id=agency_id,
        procedure_code=code,
        party_id=new_id(),
        late=late,
        asked_at=at,
        score=score,
        remark="Bà Lê Thị B ở số 5",
        rated_at=at if score else None,
    )
    return dossier_id


def complained(agency_id: UUID, dossier_id: UUID, kind: str = "complaint") -> None:
    Complaint.objects.create(
        dossier_id=dossier_id,
        kind=kind,
        text=TEXT,
        party_id=new_id(),
        person_id=new_id(),
        author_name="Lê Thị B",
        agency_id=agency_id,
        answering_agency_id=agency_id,
        procedure_code="1.001193",
        made_at=clock.now(),
    )


def test_KT_d5_a_leader_reads_figures_that_count_as_766_counts_and_name_nobody():
    agency = directory.competent_agency(QUY_NHON, "commune").id
    first, last = date(2026, 9, 1), date(2026, 9, 30)
    for score in (5, 5, 4, 2):
        rated(agency, score=score, day=first)
    rated(agency, score=3, day=last, late=True)
    complained(agency, rated(agency, score=None, day=last))
    complained(agency, rated(agency, score=None, day=last), kind="suggestion")
    rated(agency, score=1, day=last, code="1.004873")
    rated(agency, score=1, day=date(2026, 10, 1))
    rated(new_id(), score=1, day=last)
    told = feedback.summary(agency_id=agency, since=first, until=last)
    # 8 delivered; rated 2, rated 1, late and complained about are not satisfied.
    assert (told.whole.delivered, told.whole.count) == (8, 6)
    assert (told.whole.mean, told.whole.share_satisfied) == (Decimal("3.33"), Decimal("50.0"))
    birth, marital = told.procedures
    # One person rated the second procedure; the first would tell how when taken from the whole.
    assert (birth.procedure_code, birth.delivered) == ("1.001193", 7)
    assert (marital.procedure_code, marital.delivered) == ("1.004873", 1)
    assert [silent(one) for one in told.procedures] == [True, True]
    assert "Lê Thị B" not in repr(told)
    assert "766" in told.source
    assert told.unverified


def silent(figures: Figures) -> bool:
    told = (figures.count, figures.mean, figures.share_satisfied)
    return figures.withheld and told == (None, None, None)


def test_a_leader_cannot_subtract_to_the_ratings_of_fewer_than_five_people():
    agency, day = directory.competent_agency(QUY_NHON, "commune").id, date(2026, 9, 1)
    for code, score, times in (
        ("1.001193", 5, 9),
        ("1.004873", 4, 6),
        ("2.000815", 1, 1),
        ("2.000884", 2, 3),
    ):
        for _again in range(times):
            rated(agency, score=score, day=day, code=code)
    told = feedback.summary(agency_id=agency, since=day, until=day)
    assert (told.whole.count, told.whole.mean) == (19, Decimal("4.00"))
    assert [one.withheld for one in told.procedures] == [False, True, True, True]
    assert [silent(one) for one in told.procedures[1:]] == [True, True, True]
    birth = told.procedures[0]
    assert (birth.count, birth.mean, birth.share_satisfied) == (9, 5, Decimal("100.0"))


def test_a_leader_reads_nothing_of_the_whole_while_four_people_rated():
    agency, day = directory.competent_agency(QUY_NHON, "commune").id, date(2026, 9, 1)
    for score in (1, 5, 5, 5, None, None):
        rated(agency, score=score, day=day)
    told = feedback.summary(agency_id=agency, since=day, until=day)
    assert told.whole.delivered == 6
    assert [silent(one) for one in (told.whole, *told.procedures)] == [True, True]


def test_procedures_of_five_people_and_those_that_nobody_rated_are_told_beside_each_other():
    agency, day = directory.competent_agency(QUY_NHON, "commune").id, date(2026, 9, 1)
    for _again in range(5):
        rated(agency, score=4, day=day)
        rated(agency, score=None, day=day, code="1.004873", late=True)
    told = feedback.summary(agency_id=agency, since=day, until=day)
    birth, marital = told.procedures
    assert (birth.count, birth.mean, birth.share_satisfied) == (5, 4, 100)
    assert (marital.count, marital.mean, marital.share_satisfied) == (0, None, 0)
    assert [one.withheld for one in told.procedures] == [False, False]


@pytest.fixture
def received(submitted: UUID, official) -> UUID:
    procedures.receive(id=submitted, actor=official("reception"))
    return submitted


def deputy_of(official) -> object:
    """Return the commune's other leader."""
    chair = official("leader")
    posts = [holder.post for holder in directory.holders(chair.agency_id, "leader")]
    other = next(post for post in posts if post.id != chair.post_id)
    return directory.actor_for_post(other.id)


def test_KT_d5_an_applicant_complains_and_the_leader_answers_once(received, mother, official):
    made = feedback.complain(dossier_id=received, kind="complaint", text=TEXT, actor=mother)
    assert (made.state, made.kind_say, made.code[:3]) == ("open", "Phản ánh", "H21")
    # Ten working days from Wednesday 7 October 2026.
    assert made.due_at == datetime(2026, 10, 21, 17, 0, tzinfo=clock.VIETNAM)
    assert made.due_unverified
    leader = official("leader")
    assert [one.id for one in feedback.complaints_to_answer(actor=leader)] == [made.id]
    answered = feedback.answer_complaint(id=made.id, text=ANSWER, actor=leader)
    assert (answered.state, answered.answered_by) == ("answered", leader.name)
    with pytest.raises(Conflict, match="một lần"):
        feedback.answer_complaint(id=made.id, text="Trả lời lần thứ hai khác hẳn.", actor=leader)
    (seen,) = feedback.complaints_about(dossier_id=received, actor=mother)
    assert (seen.answer, seen.may_answer) == (ANSWER, False)
    assert feedback.complaints_to_answer(actor=leader) == ()
    assert [one.id for one in feedback.complaints_to_answer(actor=leader, answered=True)] == [
        made.id
    ]
    assert len(letters(received, "complaint_made")) == 1
    assert ANSWER in letters(received, "complaint_answered")[0]
    assert acts_on("feedback.complaint", made.id) == [
        "feedback.complained",
        "feedback.complaint_answered",
    ]


def test_the_officer_complained_of_neither_sees_nor_answers(delivered, mother, official):
    chair, deputy = official("leader"), deputy_of(official)
    acted(delivered, chair, "approved")
    signed = next(
        one
        for one in feedback.acts_of(dossier_id=delivered, actor=mother)
        if "phê duyệt" in one.say
    )
    made = feedback.complain(
        dossier_id=delivered, kind="complaint", text=TEXT, act=signed.entry_id, actor=mother
    )
    assert chair.name in made.act_say
    assert feedback.complaints_to_answer(actor=chair) == ()
    with pytest.raises(NotAllowed, match="bị phản ánh không được trả lời"):
        feedback.answer_complaint(id=made.id, text=ANSWER, actor=chair)
    with pytest.raises(NotFound):
        feedback.complaint(id=made.id, actor=chair)
    assert Complaint.objects.get(id=made.id).answered_at is None
    assert feedback.answer_complaint(id=made.id, text=ANSWER, actor=deputy).state == "answered"


def test_a_complaint_about_every_leader_goes_to_the_agency_above(delivered, mother, official):
    deputy = deputy_of(official)
    acted(delivered, official("leader"), "approved")
    acted(delivered, deputy, "returned")
    made = feedback.complain(dossier_id=delivered, kind="complaint", text=TEXT, actor=mother)
    committee = directory.agency(deputy.agency_id)
    above = directory.agency(committee.parent_id)
    assert (made.agency_name, made.answering_agency_name) == (committee.name, above.name)
    for leader in (official("leader"), deputy):
        assert feedback.complaints_to_answer(actor=leader) == ()


def test_nobody_but_the_applicant_complains_and_one_waits_at_a_time(
    received, mother, official, citizen
):
    for stranger in (official("reception"), citizen(FATHER)):
        with pytest.raises(NotAllowed, match="hồ sơ của mình"):
            feedback.complain(dossier_id=received, kind="complaint", text=TEXT, actor=stranger)
    with pytest.raises(Invalid) as refused:
        feedback.complain(
            dossier_id=received, kind="complaint", text="ngắn", act=new_id(), actor=mother
        )
    assert [one.field for one in refused.value.problems] == ["text", "act"]
    assert not Complaint.objects.exists()
    feedback.complain(dossier_id=received, kind="suggestion", text=TEXT, actor=mother)
    with pytest.raises(Conflict, match="chờ trả lời"):
        feedback.complain(dossier_id=received, kind="complaint", text=TEXT, actor=mother)
    assert Complaint.objects.count() == 1


def test_a_leader_of_another_agency_and_an_officer_know_of_no_complaint(received, mother, official):
    made = feedback.complain(dossier_id=received, kind="complaint", text=TEXT, actor=mother)
    for other in (official("leader", "21592"), official("clerk")):
        assert feedback.complaints_to_answer(actor=other) == ()
        with pytest.raises(NotFound):
            feedback.answer_complaint(id=made.id, text=ANSWER, actor=other)
        with pytest.raises(NotFound):
            feedback.complaint(id=made.id, actor=other)
    assert Complaint.objects.get(id=made.id).answered_at is None


def test_a_complaint_that_waits_too_long_is_late_and_its_author_reads_who_looked(
    received, mother, official, working_morning
):
    made = feedback.complain(dossier_id=received, kind="complaint", text=TEXT, actor=mother)
    with clock.at(working_morning + timedelta(days=15)):
        assert feedback.complaint(id=made.id, actor=official("leader")).state == "late"
    looks = audit.looks_at(mother.person_id)
    assert any(look.purpose == "Trả lời phản ánh, kiến nghị về hồ sơ" for look in looks)
