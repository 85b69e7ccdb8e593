"""KT-d5: an officer's list: by due time, only what the policy shows, page by page."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.postgres.search import SearchQuery

from cuaso.foundation.access import api as access
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import WalkIn
from cuaso.services.procedures.logic.seeing import worded
from cuaso.services.procedures.models import Dossier, Work
from cuaso.services.procedures.policies import DOSSIERS
from tests.support.answers import COPY, FATHER, MARITAL
from tests.support.dossiers import see, submit_birth, submit_marital, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


ELSEWHERE = "21592"


def listed(actor, **asked):
    return [row.id for row in procedures.queue(actor=actor, **asked).rows]


@pytest.fixture
def take(official):
    """Take a paper dossier at the counter; names differ by number."""

    def taken(number: int, *, name: str = "", place: str = "21583"):
        walk_in = WalkIn(
            procedure_code="2.000815",
            applicant_personal_number=f"052196{number:06d}",
            applicant_name=name or f"Nguyễn Thị Số {number}",
            values={**COPY, "request.office": place},
        )
        desk = official("reception", place)
        return procedures.receive_walk_in(walk_in=walk_in, actor=desk, key=str(number)).id

    return taken


def test_work_is_sorted_by_due_time_and_what_has_none_comes_last(mother, official):
    due_last = submit_marital(mother).dossier_id
    due_first = submit_birth(mother).dossier_id
    for id in (due_last, due_first):
        procedures.receive(id=id, actor=official("reception"))
    assert listed(official("handler")) == [due_first, due_last]
    unreceived = submit_birth(mother).dossier_id
    page = procedures.queue(actor=official("reception"))
    assert [row.id for row in page.rows] == [unreceived]
    assert page.rows[0].due.state == "none"


def test_pages_follow_each_other_without_double_or_gap(take, official):
    taken = [take(number) for number in range(7)]
    # Two of them share a due moment with all others, two have none: ties are broken by id.
    Work.objects.filter(dossier_id__in=taken[:2], done_at=None).update(due_at=None)
    for view in ("mine", "all", "agency"):
        seen, cursor = [], ""
        while True:
            page = procedures.queue(actor=official("handler"), view=view, cursor=cursor, limit=2)
            seen += [row.id for row in page.rows]
            cursor = page.next
            if not cursor:
                break
        assert sorted(seen) == sorted(taken)
        assert len(seen) == len(set(seen))


@pytest.mark.parametrize("text", ["", "so", "nguyen thi so 3"])
def test_the_list_of_all_is_what_the_policy_shows_newest_first(take, mother, official, text):
    """Every road to a dossier (agency, receipt, step, inspection) is walked apart: none is lost."""
    for number in range(5):
        take(number)
    take(6, place=ELSEWHERE)
    asked = submit_birth(mother).dossier_id
    procedures.receive(id=asked, actor=official("reception"))
    consulted, _name = procedures.consultable_agencies(id=asked, actor=official("handler"))[0]
    procedures.consult(
        id=asked, agency_ids=[consulted], question="Có ý kiến gì không?", actor=official("handler")
    )
    answering = directory.holders_below(consulted, "handler")[0]
    seats = [official(role) for role in ("reception", "handler", "leader", "clerk")]
    seats += [official("handler", ELSEWHERE), directory.actor_for_post(answering.post.id)]
    seats.append(replace(official("handler"), roles=frozenset({"auditor"})))
    found = [_all_pages(seat, text) for seat in seats]
    assert found == [_by_policy(seat, text) for seat in seats]
    assert any(asked in one for one in found) is (text == "")


WAYS = {
    "among the newest of the agencies": {"NEAR": 10**9},
    "among the newest of the province": {"NEAR": 10**9, "SHARE": 10**9, "FEW_AGENCIES": 0},
    "by the index of words and agencies": {"NEAR": 0},
    "by words alone": {"NEAR": 0, "MANY_AGENCIES": 0},
    "by walking the agencies": {"NEAR": 0, "MANY_FINDS": 0},
    "by walking the province": {"NEAR": 0, "MANY_FINDS": 0, "FEW_AGENCIES": 0},
}


def test_kt_d5_words_are_found_alike_on_every_way(take, mother, official, monkeypatch):
    """Common and rare words are looked up in different ways; the answer is always the policy's."""
    for number in range(4):
        take(number)
    asked = submit_birth(mother).dossier_id
    procedures.receive(id=asked, actor=official("reception"))
    consulted, _name = procedures.consultable_agencies(id=asked, actor=official("handler"))[0]
    procedures.consult(
        id=asked, agency_ids=[consulted], question="Có ý kiến gì không?", actor=official("handler")
    )
    answering = directory.holders_below(consulted, "handler")[0]
    seats = [official(role) for role in ("reception", "handler")]
    seats += [official("handler", ELSEWHERE), directory.actor_for_post(answering.post.id)]
    seats.append(replace(official("handler"), roles=frozenset({"auditor"})))
    words = ("nguyen thi", "vo thi ha lam")
    wanted = [_by_policy(seat, text) for seat in seats for text in words]
    assert [asked in one for one in wanted][1::2] == [True, True, False, True, True]
    for way, limits in WAYS.items():
        with monkeypatch.context() as patched:
            for name, limit in limits.items():
                patched.setattr(worded, name, limit)
            found = [_all_pages(seat, text) for seat in seats for text in words]
        assert (way, found) == (way, wanted)


def test_the_former_agency_of_a_dossier_still_finds_it_by_name(mother, official):
    id = submit_birth(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    before = official("handler")
    to = procedures.transferable(id=id, actor=before)[0][0]
    reason = "Hồ sơ thuộc thẩm quyền của cơ quan khác."
    procedures.transfer(id=id, agency_id=to, reason=reason, actor=before)
    been_at = set(Dossier.objects.get(id=id).been_at_ids)
    assert {before.agency_id, to, official("reception").agency_id} <= been_at
    assert listed(before, view="all", text="vo thi ha lam") == [id]


def _all_pages(actor, text):
    seen, cursor = [], ""
    while True:
        page = procedures.queue(actor=actor, view="all", text=text, cursor=cursor, limit=2)
        seen += [row.id for row in page.rows]
        cursor = page.next
        if not cursor:
            return seen


def _by_policy(actor, text):
    rows = access.visible(actor=actor, act="view", queryset=Dossier.objects.all(), policy=DOSSIERS)
    if text:
        rows = rows.filter(words=SearchQuery(text, config="simple"))
    return list(rows.order_by("-submitted_at", "-id").values_list("id", flat=True))


def test_what_arrives_meanwhile_neither_doubles_nor_hides_a_row(take, official):
    old = [take(number) for number in range(4)]
    first = procedures.queue(actor=official("handler"), view="all", limit=2)
    take(9)
    rest = procedures.queue(actor=official("handler"), view="all", limit=9, cursor=first.next)
    assert sorted(row.id for row in (*first.rows, *rest.rows)) == sorted(old)


@pytest.mark.parametrize(
    "cursor", ["x", "bm8", "WyIyMDI2LTEwLTA3IiwgIngiXQ==", "WzEsIDJd", "không"]
)
def test_a_broken_cursor_is_a_sentence(official, cursor):
    for view in ("mine", "all"):
        with pytest.raises(Invalid) as refused:
            procedures.queue(actor=official("handler"), view=view, cursor=cursor)
        assert refused.value.code == "procedures.cursor_bad"


def test_a_list_that_does_not_exist_is_not_found(official):
    with pytest.raises(NotFound):
        procedures.queue(actor=official("handler"), view="everything")


def test_search_is_blind_to_accents_and_finds_codes(take, official):
    wanted = take(1, name="Trần Đặng Thuỳ Dương")
    take(2)
    code = see(wanted, official("handler"))
    for text in ("thuy duong", "DƯƠNG Thuỳ", "tran dang", code.dossier_code, code.tracking_code):
        assert listed(official("handler"), text=text) == [wanted]
        assert listed(official("reception"), view="all", text=text) == [wanted]
    assert listed(official("handler"), text="không ai") == []


def test_each_role_sees_its_own_work_and_another_commune_none(take, official):
    here, there = take(1), take(2, place="21592")
    assert listed(official("handler")) == [here]
    assert listed(official("handler", "21592")) == [there]
    assert listed(official("leader")) == []
    assert listed(official("handler", "21952"), view="all") == []


def test_the_list_and_the_single_decision_say_the_same(take, official):
    for number, place in ((1, "21583"), (2, "21592")):
        take(number, place=place)
    auditor = directory.holders_below(directory.province().committee_id, "auditor")[0]
    actors = [official(role) for role in ("reception", "handler", "leader", "clerk")]
    actors += [official("handler", "21592"), directory.actor_for_post(auditor.post.id)]
    for actor in actors:
        shown = set(listed(actor, view="all"))
        decided = {
            row.id
            for row in Dossier.objects.all()
            if access.decide(actor=actor, act="view", record=row, policy=DOSSIERS).allowed
        }
        assert shown == decided


def test_an_officers_own_dossier_is_not_among_her_work(citizen, official):
    own = submit_birth(citizen("052190000101")).dossier_id
    assert listed(official("reception")) == []
    colleague = directory.holders_below(official("reception").agency_id, "reception")
    other = next(h for h in colleague if h.post.id != official("reception").post_id)
    assert listed(directory.actor_for_post(other.post.id)) == [own]


def test_kt_d5_the_numbers_of_the_lists_are_what_the_policy_lets_each_officer_work_on(
    citizen, mother, official, working_morning
):
    """Counted by index and not by asking the policy of each step: they must come out the same."""
    for number in range(3):
        submit_birth(mother, key=f"k{number}")
    submit_birth(citizen("052190000101"))
    herself = official("reception")
    holders = directory.holders_below(herself.agency_id, "reception")
    seats = [directory.actor_for_post(holder.post.id) for holder in holders]
    seats += [official("handler"), official("reception", ELSEWHERE)]
    counted = {}
    for seat in seats:
        page = procedures.queue(actor=seat)
        assert ("mine", page.count) in [(view, count) for view, _title, count in page.views]
        assert page.count == _waiting_by_policy(seat)
        counted[seat.name] = page.count
    assert counted[herself.name] == 3
    assert sorted(counted.values()) == [0, 0, 3, 4]


def _waiting_by_policy(actor):
    rows = access.visible(actor=actor, act="work", queryset=Dossier.objects.all(), policy=DOSSIERS)
    waiting = Work.objects.filter(
        dossier__in=rows, done_at=None, role__in=actor.roles, agency_id=actor.agency_id
    )
    return waiting.filter(post_id=None).count()


def test_pages_go_on_behind_what_the_officer_may_not_work_on(citizen, mother, official):
    own = submit_birth(citizen("052190000101")).dossier_id
    others = [submit_birth(mother, key=f"k{number}").dossier_id for number in range(3)]
    desk, seen, cursor = official("reception"), [], ""
    while True:
        page = procedures.queue(actor=desk, cursor=cursor, limit=1)
        seen += [row.id for row in page.rows]
        cursor = page.next
        if not cursor:
            break
    assert own not in seen
    assert sorted(seen) == sorted(others)


def test_an_officer_cannot_settle_what_concerns_herself_though_another_applied(mother, official):
    handler = official("handler")
    herself = directory.person(handler.person_id)
    draft = procedures.start_draft(code="1.004873", actor=mother)
    values = {
        **MARITAL,
        "requester.relationship": "authorised",
        "subject.full_name": herself.name,
        "subject.personal_number": herself.personal_number,
        "subject.sex": "male",
        "subject.birth_date": "25/07/1986",
    }
    procedures.save_draft(id=draft.id, values=values, actor=mother)
    procedures.attach(id=draft.id, component="authorisation", file_id=upload(mother), actor=mother)
    id = procedures.submit(id=draft.id, key="k", actor=mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    with pytest.raises(NotAllowed) as refused:
        procedures.propose(id=id, values={}, note="", actor=handler)
    assert refused.value.why == "Không ai được xử lý hồ sơ của chính mình."
    assert listed(handler) == []


def test_late_and_soon_have_their_own_lists_and_counts(take, official, working_morning):
    taken = take(1)
    handler = official("handler")
    assert listed(handler, view="soon") == [taken]
    assert listed(handler, view="late") == []
    with clock.at(working_morning + timedelta(days=1)):
        page = procedures.queue(actor=handler, view="late")
        assert [(row.id, row.due.state) for row in page.rows] == [(taken, "late")]
        counts = {view: count for view, _, count in page.views}
        assert counts == {"mine": 1, "late": 1, "soon": 0, "waiting": 0, "done": None, "all": None}


def test_claiming_takes_the_work_off_a_colleagues_list(mother, official):
    id = submit_birth(mother).dossier_id
    holders = directory.holders_below(official("reception").agency_id, "reception")
    first, second = (directory.actor_for_post(holder.post.id) for holder in holders)
    claimed = procedures.claim(id=id, actor=first)
    assert claimed.works[-1].holder_name == first.name
    assert (listed(first), listed(second)) == ([id], [])
    with pytest.raises(NotAllowed) as refused:
        procedures.receive(id=id, actor=second)
    assert refused.value.code == "procedures.step_of_another"


def test_assigning_gives_the_work_to_a_colleague_and_to_nobody_else(mother, official):
    id = submit_birth(mother).dossier_id
    officer = official("reception")
    choices = procedures.colleagues(id=id, actor=officer)
    assert len(choices) == 2
    other = next(post_id for post_id, _ in choices if post_id != officer.post_id)
    before = Work.objects.values().get(dossier_id=id)
    with pytest.raises(Invalid):
        procedures.assign(id=id, post_id=official("leader").post_id, actor=officer)
    assert Work.objects.values().get(dossier_id=id) == before
    procedures.assign(id=id, post_id=other, actor=officer)
    assert listed(officer) == []
    assert listed(directory.actor_for_post(other)) == [id]


def test_a_citizen_lists_only_dossiers_of_the_capacity_in_use(mother, citizen, official):
    ids = [submit_birth(mother).dossier_id for _ in range(3)]
    first = procedures.my_dossiers(actor=mother, limit=2)
    rest = procedures.my_dossiers(actor=mother, limit=2, cursor=first.next)
    assert [row.id for row in (*first.rows, *rest.rows)] == ids[::-1]
    assert procedures.my_dossiers(actor=citizen(FATHER)).rows == ()
    assert procedures.my_dossiers(actor=official("reception")).rows == ()


def test_a_page_of_twenty_five_needs_few_questions_to_the_database(
    take, official, django_assert_max_num_queries
):
    for number in range(26):
        take(number)
    for view in ("mine", "all"):
        with django_assert_max_num_queries(25):
            page = procedures.queue(actor=official("handler"), view=view)
        assert len(page.rows) == 25


def test_a_dossiers_page_needs_few_questions_to_the_database(
    mother, official, django_assert_max_num_queries
):
    id = submit_birth(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    handler = official("handler")
    procedures.propose(id=id, values={}, note="", actor=handler)
    for actor in (handler, mother):
        with django_assert_max_num_queries(60):
            procedures.dossier(id=id, actor=actor)
