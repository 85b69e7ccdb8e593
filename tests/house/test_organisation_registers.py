"""DX-11, TT-IV.13: organisations and officials, and the directory that follows their registers."""

from datetime import datetime, timedelta

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.answers import FATHER, MOTHER
from tests.support.apparatus import HOUSE, apparatus_of, key, official, organisation
from tests.support.dossiers import let_the_house_work
from tests.support.registers import entered, holder, listed, moved
from tests.support.vessels import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

ELEVEN = datetime(2026, 10, 7, 11, tzinfo=clock.VIETNAM)


@pytest.fixture
def handler():
    return holder(HOUSE, "handler")


@pytest.fixture
def leader():
    return holder(HOUSE, "leader")


@pytest.fixture
def apparatus(handler):
    return apparatus_of(handler)


def posts_tomorrow(number):
    """Return the posts that a person holds tomorrow: one begun today lasts until then."""
    tomorrow = clock.today() + timedelta(days=1)
    return directory.posts_of(directory.find_person(number).id, tomorrow)


def again(record, actor, *, purpose: str = ""):
    return registries.record(registry=record.registry, id=record.id, actor=actor, purpose=purpose)


def plan(actor, code, *, units):
    return entered(
        key("reorganisation"),
        actor,
        code="DA-00071",
        kind="merge",
        proposer=code,
        proposed_on="01/09/2026",
        posts_before="36",
        posts_after="30",
        leaders_extra="1",
        leaders_by="31/12/2026",
        accounts_move="yes",
        seal_back="yes",
        archive_to=code,
        rows={"units": units},
    )


ENDING = (
    {"role": "ending", "unit": "H21.90.01", "people": "12", "goes_to": "Chi cục mới",
     "goes_code": "H21.90.03"},
    {"role": "ending", "unit": "H21.90.02", "people": "9", "goes_to": "Chi cục mới",
     "goes_code": "H21.90.03"},
)  # fmt: skip
NEW = (
    {"role": "new", "new_code": "H21.90.03", "new_name": "Chi cục Mới (minh hoạ)",
     "like": "H21.90.01", "people": "21"},
)  # fmt: skip


def test_DX_11_a_merger_is_planned_and_checked_before_anything_moves(apparatus, handler, leader):
    with pytest.raises(Invalid) as none_new:
        plan(handler, apparatus, units=ENDING)
    assert [problem.field for problem in none_new.value.problems] == ["kind"]
    drafted = plan(handler, apparatus, units=(*ENDING, *NEW))
    assert drafted.value("posts_saved") == 6
    checked = moved(drafted, "check", handler)
    with pytest.raises(NotAllowed):
        moved(checked, "approve", handler, decision="0412/QĐ-UBND", effective="07/10/2026")
    later = moved(checked, "approve", leader, decision="0412/QĐ-UBND", effective="08/10/2026")
    with pytest.raises(Conflict):
        moved(later, "carry_out", leader)
    codes = [row[0] for row in listed(key("organisation"), handler)]
    assert codes == sorted([apparatus, "H21.90.01", "H21.90.011", "H21.90.02"])


@pytest.fixture
def merged(apparatus, handler, leader):
    """Return what hung on the two branches, after they were merged at eleven o'clock."""
    hanging = (
        official(1, handler, organisation="H21.90.01"),
        entered(key("job_position"), handler, code="VT-000001", organisation="H21.90.01"),
        entered(
            key("staff_quota"),
            handler,
            code="BC-000001",
            organisation="H21.90.02",
            assigned="12",
            in_post="9",
            retiring="1",
            cut="1",
            over_reason="",
        ),
    )
    let_the_house_work()
    assert directory.agency_by_code("H21.90.01").name == "Chi cục Cũ Một (minh hoạ)"
    checked = moved(plan(handler, apparatus, units=(*ENDING, *NEW)), "check", handler)
    with clock.at(ELEVEN):
        ready = moved(checked, "approve", leader, decision="0412/QĐ-UBND", effective="07/10/2026")
        assert moved(ready, "carry_out", leader).text("status") == "Đã thực hiện"
    return hanging


def test_DX_11_a_merger_carries_out_in_one_step_all_that_hangs_on_it(merged, apparatus, handler):
    where = [again(one, handler).text("organisation") for one in merged]
    assert where == ["Chi cục Mới (minh hoạ)"] * 3
    active = {row[0]: row for row in listed(key("organisation"), handler)}
    assert sorted(active) == sorted([apparatus, "H21.90.011", "H21.90.03"])
    assert active["H21.90.011"][3] == "Chi cục Mới (minh hoạ)"
    ended = [row[2] for row in listed(key("organisation"), handler, "dissolved")]
    assert ended == ["07/10/2026", "07/10/2026"]
    person = merged[0]
    (line, *_) = registries.history(registry=person.registry, id=person.id, actor=handler)
    assert (line.origin, line.origin_id[:8]) == ("record", "DA-00071")
    ten = ListQuery(as_of=ELEVEN - timedelta(hours=1), columns=("code",))
    then = registries.list_records(registry=key("organisation"), query=ten, actor=handler)
    assert [row.cells[0].text for row in then.rows] == sorted(
        [apparatus, "H21.90.01", "H21.90.011", "H21.90.02"]
    )


def test_DX_11_the_directory_follows_the_register_of_organisations(merged):
    with clock.at(ELEVEN):
        let_the_house_work()
    old, new = directory.agency_by_code("H21.90.01"), directory.agency_by_code("H21.90.03")
    assert (new.name, new.kind) == ("Chi cục Mới (minh hoạ)", "branch")
    assert new.parent_id == directory.agency_by_key(HOUSE).id
    assert [one.id for one in directory.successors_of_agency(old.id)] == [new.id]
    assert str(old.valid.end) == "2026-10-08"
    (post,) = posts_tomorrow(MOTHER)
    assert post.agency_id == new.id
    (unit,) = directory.units(new.id)
    assert unit.name == "Phòng Thanh niên (minh hoạ)"


def test_DX_11_a_merger_that_one_record_does_not_allow_changes_nothing(apparatus, handler, leader):
    nowhere = tuple({**one, "goes_code": "H21.90.09"} for one in ENDING)
    official(2, handler, organisation="H21.90.01")
    drafted = plan(handler, apparatus, units=(*nowhere, *NEW))
    checked = moved(drafted, "check", handler)
    ready = moved(checked, "approve", leader, decision="0412/QĐ-UBND", effective="07/10/2026")
    before = listed(key("organisation"), handler)
    with pytest.raises(Invalid, match="Hồ sơ cán bộ") as refused:
        moved(ready, "carry_out", leader)
    assert refused.value.code == "registries.not_carried"
    assert listed(key("organisation"), handler) == before
    assert again(ready, leader).text("status") == "Đã phê duyệt"


@pytest.fixture
def working(apparatus, handler):
    """Return an official of a branch, known to the directory."""
    organisation(
        "H21.90.05", handler, name="Chi cục Năm (minh hoạ)", kind="branch", parent=apparatus
    )
    one = official(3, handler, organisation="H21.90.05")
    let_the_house_work()
    return one


def test_TT_IV_13_an_official_is_known_with_career_pay_training_appraisal_and_planning(
    working, handler, leader, citizen
):
    entered(
        key("pay_change"),
        handler,
        official="CB-000003",
        decision="QĐL-00123/2023",
        signed_on="25/10/2023",
        reason="regular",
        coefficient="2,67",
        over_frame="",
        from_day="01/11/2023",
        counted_from="01/11/2023",
        next_raise_on="01/12/2026",
    )
    days = {"decided_on": "20/02/2026", "begins_on": "01/03/2026", "ends_on": "30/09/2026"}
    learning = entered(
        key("training"), handler, code="DT-000001", official="CB-000003", kind="degree", **days
    )
    done = {"worked": "12", "tasks_given": "30", "tasks_done": "30", "disciplined": "no"}
    sheet = {"sheet": "ĐG-000001", "year": "2025", "organisation": "H21.90.05", **done}
    appraised = entered(key("appraisal"), handler, official="CB-000003", **sheet)
    planned = {"organisation": "H21.90.05", "post": "section_head", "birth_date": "14/02/1996"}
    entered(key("succession"), handler, code="QH-000001", official="CB-000003", **planned)
    (raised,) = listed(key("pay_change"), handler, "raises")
    assert raised[-1] == "01/12/2026"
    studied = moved(learning, "begin", handler)
    graded = moved(studied, "finish", handler, grade="good", certificate="CC-000123")
    assert graded.value("certificate") == "CC-000123"
    said = {"grade": "excellent", "decided_by": "Giám đốc Sở", "decided_on": "05/10/2026"}
    decided = moved(moved(appraised, "discuss", handler), "decide", leader, **said)
    assert decided.text("grade") == "Hoàn thành xuất sắc nhiệm vụ"
    mine = registries.record(registry=working.registry, id=working.id, actor=citizen(MOTHER))
    assert mine.value("person.full_name") == "Võ Thị Hạ Lam"
    with pytest.raises(NotFound):
        registries.record(registry=working.registry, id=working.id, actor=citizen(FATHER))


def test_TT_IV_13_who_is_appointed_acts_from_that_post_and_who_leaves_acts_no_more(
    working, handler, leader
):
    person = directory.find_person(MOTHER)
    (post,) = directory.posts_of(person.id)
    said = "Công chức, viên chức không giữ chức vụ"
    assert (post.title, post.roles) == (said, frozenset({"handler"}))
    branch = directory.agency_by_code("H21.90.05")
    assert directory.actor_for_post(post.id).agency_id == branch.id
    assert identity.official_account(person.id).state == "pending"
    browser = browser_of(directory.actor_for_post(post.id))
    assert browser.get("/ban-lam-viec/so/").status_code == 200
    days = {"signed_on": "01/10/2026", "effective": "07/10/2026", "until": "07/10/2031"}
    appointed = {"act": "appoint", "to_org": "H21.90.05", "from_org": "", "post": "branch_head"}
    more = {"official": "CB-000003", "term_months": "60", "planned": "yes", **days, **appointed}
    decision = entered(key("personnel_decision"), handler, number="QĐNS-00001/2026", **more)
    moved(moved(moved(decision, "check", handler), "issue", leader), "apply", handler)
    now = again(working, handler)
    assert (now.text("post"), now.text("post_since")) == ("Chi cục trưởng", "07/10/2026")
    let_the_house_work()
    (tomorrow,) = posts_tomorrow(MOTHER)
    assert (tomorrow.title, tomorrow.roles) == ("Chi cục trưởng", frozenset({"handler", "leader"}))
    moved(now, "leave", leader, reason="Xin thôi việc", left_on="07/10/2026")
    let_the_house_work()
    assert posts_tomorrow(MOTHER) == ()
    with clock.at(ELEVEN + timedelta(days=1)):
        assert browser.get("/ban-lam-viec/so/").status_code != 200
    assert [row[0] for row in listed(key("official"), handler, "gone")] == ["CB-000003"]
