"""TT-IV.13, TT-III.3: who joins, moves and leaves by decision, and the accounts that follow."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from cuaso.capabilities.registries import api as registries
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.models import Agency
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject
from cuaso.services.personnel import api as personnel
from cuaso.services.personnel.logic import settle
from cuaso.services.personnel.models import Decision, Movement, Official
from tests.support.answers import MOTHER
from tests.support.apparatus import HOUSE, apparatus_of, official
from tests.support.dossiers import let_the_house_work
from tests.support.personnel import account_of, again, decided, morning, titles, work
from tests.support.registers import holder, moved
from tests.support.vessels import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

PLAIN, HEAD = "Công chức, viên chức không giữ chức vụ", "Trưởng phòng"
BRANCH, OTHER = "H21.90.01", "H21.90.02"
OWN = "Con-thuyen-nho-tren-dam-Thi-Nai"


@pytest.fixture
def handler():
    return holder(HOUSE, "handler")


@pytest.fixture
def leader():
    return holder(HOUSE, "leader")


@pytest.fixture
def admin():
    return holder("ubnd-tinh-gia-lai", "admin")


@pytest.fixture
def apparatus(handler):
    found = apparatus_of(handler)
    let_the_house_work()
    return found


@pytest.fixture
def candidate(apparatus, handler):
    """Return the file of somebody who has not begun."""
    one = official(1, handler, organisation=BRANCH, placed_on="", email="")
    work()
    return one


@pytest.fixture
def working(apparatus, handler):
    """Return the file of an official of the first branch, with an account."""
    one = official(1, handler, organisation=BRANCH, placed_on="01/07/2025", email="")
    work()
    return one


def seen(admin):
    return personnel.comings(actor=admin)


def told(number=MOTHER):
    """Return the acts on the official's account, with their reasons."""
    card = account_of(number)
    history = audit.history(Subject(kind="identity.account", id=card.id))
    return [(entry.act.removeprefix("identity."), entry.reason) for entry in history]


def test_TT_III_3_a_recruit_has_an_account_at_once_and_a_post_from_the_day_of_the_decision(
    candidate, handler, admin
):
    assert account_of(MOTHER) is None
    assert titles(MOTHER, "2026-12-01") == []
    decided(1, "recruit", "01/11/2026", of="CB-000001", to_org=OTHER)
    work()
    card = account_of(MOTHER)
    assert (card.username, card.state) == ("lamvth", "pending")
    assert (titles(MOTHER, "2026-10-31"), titles(MOTHER, "2026-11-01")) == ([], [PLAIN])
    (line,) = seen(admin).done
    assert (line.kind, line.name, str(line.effective_date)) == (
        "joined", "Võ Thị Hạ Lam", "2026-11-01",
    )  # fmt: skip
    activate(admin)
    assert seen(admin).waiting == ()
    assert browser_may_work(MOTHER) is False
    with clock.at(morning("2026-11-01")):
        assert browser_may_work(MOTHER) is True
        work()
        assert Decision.objects.get().state == "done"
    acts = [act for act, _ in told()]
    assert acts[:3] == ["account_opened", "activation_code_given", "account_activated"]


def browser_may_work(number):
    """Say whether the account of a person opens the officials' desk now."""
    person = directory.find_person(number)
    owner = Actor(kind="official", name=person.name, person_id=person.id)
    return browser_of(owner).get("/ban-lam-viec/so/").status_code == 200


def test_TT_III_3_a_recruitment_that_is_taken_back_leaves_no_post_and_no_open_account(
    candidate, leader
):
    one = decided(1, "recruit", "01/11/2026", of="CB-000001", to_org=OTHER)
    work()
    moved(one, "cancel", leader, reason="Người trúng tuyển xin rút")
    work()
    assert account_of(MOTHER).state == "closed"
    assert Decision.objects.get().state == "void"
    with clock.at(morning("2026-11-02")):
        work()
        assert titles(MOTHER, "2026-11-03") == []


def test_TT_III_3_a_transfer_moves_post_and_rights_on_its_day_and_not_on_the_day_of_typing(
    working, handler, admin
):
    old = directory.agency_by_code(BRANCH).id
    decided(2, "transfer", "01/11/2026", of="CB-000001", from_org=BRANCH, to_org=OTHER)
    work()
    assert again(working, handler).text("organisation") == "Chi cục Cũ Một (minh hoạ)"
    person = directory.find_person(MOTHER)
    assert [post.agency_id for post in directory.posts_of(person.id)] == [old]
    assert [one.number for one in seen(admin).coming] == ["QĐNS-00002/2026"]
    with clock.at(morning("2026-10-31")):
        work()
        assert [post.agency_id for post in directory.posts_of(person.id)] == [old]
    with clock.at(morning("2026-11-01")):
        work()
        new = directory.agency_by_code(OTHER).id
        (post,) = directory.posts_of(person.id)
        assert (post.agency_id, str(post.valid.start)) == (new, "2026-11-01")
        assert directory.actor_for_post(post.id).agency_id == new
        (line, _joined) = seen(admin).done
    assert (line.kind, line.late_days) == ("moved", 0)
    assert line.basis == "Quyết định QĐNS-00002/2026 có hiệu lực từ ngày 01/11/2026"
    assert [one.agency_id for one in directory.posts_of(person.id, clock.today())] == [old]


def test_TT_III_3_an_appointment_typed_late_acts_at_once_and_says_how_late(working, handler, admin):
    said = {"to_org": BRANCH, "post": "section_head", "until": "01/10/2031", "planned": "yes"}
    decided(3, "appoint", "01/10/2026", of="CB-000001", term_months="60", **said)
    work()
    (line, _joined) = seen(admin).done
    assert (line.kind, line.title, line.late_days) == ("moved", HEAD, 6)
    assert line.basis == (
        "Quyết định QĐNS-00003/2026 có hiệu lực từ ngày 01/10/2026, nhập muộn 6 ngày nên thi hành "
        "ngay"
    )
    assert (titles(MOTHER, "2026-09-30"), titles(MOTHER, "2026-10-01")) == ([PLAIN], [HEAD])
    assert again(working, handler).text("post_since") == "01/10/2026"


def activate(admin):
    """Let the official who waits type the code from the counter."""
    (waiting,) = seen(admin).waiting
    given = personnel.give_code(official_id=waiting.official_id, actor=admin)
    typed = {"username": given.username, "code": given.code, "password": OWN, "again": OWN}
    assert Client().post("/tai-khoan/kich-hoat/", typed).status_code == 302


def signed_in(username="lamvth"):
    client = Client()
    typed = {"login": username, "password": OWN}
    assert client.post("/dang-nhap/can-bo/", typed).status_code == 302
    return client


def test_TT_III_3_who_retires_is_signed_out_at_once_and_a_correction_brings_the_account_back(
    working, handler, leader, admin
):
    activate(admin)
    live = [signed_in(), signed_in()]
    assert [one.get("/ban-lam-viec/so/").status_code for one in live] == [200, 200]
    decided(4, "retire", "07/10/2026", of="CB-000001")
    work()
    assert account_of(MOTHER).state == "closed"
    assert [one.get("/ban-lam-viec/so/").status_code for one in live] == [302, 302]
    assert (titles(MOTHER, "2026-10-07"), titles(MOTHER, "2026-10-08")) == ([PLAIN], [])
    assert again(working, handler).text("status") == "Nghỉ hưu"
    (act, reason) = told()[-1]
    assert act == "account_closed"
    assert reason == "Quyết định QĐNS-00004/2026 có hiệu lực từ ngày 07/10/2026: Nghỉ hưu"
    (line, _joined) = seen(admin).done
    assert (line.kind, line.title, line.username) == ("left", "Nghỉ hưu", "lamvth")
    (change, *_) = registries.history(registry=working.registry, id=working.id, actor=handler)
    registries.undo(
        registry=working.registry, change_id=change.id, actor=leader, reason="Ghi nhầm người"
    )
    work()
    assert account_of(MOTHER).state == "active"
    assert titles(MOTHER, "2026-10-08") == [PLAIN]
    assert [one.kind for one in seen(admin).done] == ["back", "left", "joined"]
    assert told()[-1] == ("account_reopened", "Ghi nhầm người")
    assert [one.get("/ban-lam-viec/so/").status_code for one in live] == [302, 302]


@pytest.mark.parametrize(
    ("step", "standing"),
    [("leave", "Thôi việc"), ("dismiss", "Buộc thôi việc"), ("pass_away", "Từ trần")],
)
def test_TT_III_3_a_resignation_a_dismissal_and_a_death_close_the_account(
    working, admin, step, standing
):
    actor = holder(HOUSE, "handler" if step == "pass_away" else "leader")
    moved(working, step, actor, reason="Theo thông báo", left_on="05/10/2026")
    work()
    assert account_of(MOTHER).state == "closed"
    assert (titles(MOTHER, "2026-10-05"), titles(MOTHER, "2026-10-06")) == ([PLAIN], [])
    (line, _joined) = seen(admin).done
    assert (line.kind, line.title, line.late_days) == ("left", standing, 2)


def test_TT_III_3_who_is_suspended_loses_rights_at_once_and_has_them_again_on_return(
    working, handler, leader, admin
):
    away = moved(working, "suspend", leader, reason="Chờ xử lý kỷ luật")
    work()
    assert (account_of(MOTHER).state, titles(MOTHER, "2026-10-07")) == ("closed", [])
    moved(away, "come_back", handler)
    work()
    assert account_of(MOTHER).state == "pending"
    assert titles(MOTHER, "2026-10-08") == [PLAIN]
    assert [one.kind for one in seen(admin).done] == ["back", "left", "joined"]


def test_TT_III_3_an_account_that_an_administrator_closed_is_not_opened_by_a_new_address(
    working, handler, admin
):
    identity.close_account(actor=admin, account_id=account_of(MOTHER).id, reason="Lộ mật khẩu")
    registries.amend(
        registry=working.registry,
        id=working.id,
        values={"record.home_town": "Xã Tuy Phước, tỉnh Gia Lai"},
        actor=handler,
    )
    work()
    assert account_of(MOTHER).state == "closed"
    assert [one.kind for one in seen(admin).done] == ["joined"]


def test_TT_III_3_a_taken_user_name_is_kept_with_its_reason_until_somebody_gives_another(
    apparatus, handler, admin
):
    taken = holder("ubnd-tinh-gia-lai", "admin")
    username = identity.official_account(taken.person_id).username
    official(
        1, handler, organisation=BRANCH, placed_on="01/10/2026", email=f"{username}@gialai.gov.vn"
    )
    work()
    assert account_of(MOTHER) is None
    assert titles(MOTHER, "2026-10-07") == []
    (line,) = seen(admin).stuck
    assert (line.trouble_code, line.username) == ("identity.username_taken", "")
    assert f"Tên đăng nhập “{username}” đã có người dùng." in line.trouble
    with pytest.raises(Conflict):
        personnel.try_again(id=line.id, actor=admin)
    with pytest.raises(Invalid):
        personnel.try_again(id=line.id, actor=admin, username="Hạ Lam")
    with pytest.raises(NotAllowed):
        personnel.try_again(id=line.id, actor=handler, username="vo.halam")
    outside = replace(holder("ubnd-21583", "leader"), roles=frozenset({"admin"}))
    with pytest.raises(NotFound):
        personnel.try_again(id=line.id, actor=outside, username="vo.halam")
    personnel.try_again(id=line.id, actor=admin, username="vo.halam")
    assert account_of(MOTHER).username == "vo.halam"
    assert seen(admin).stuck == ()
    assert titles(MOTHER, "2026-10-07") == [PLAIN]


def test_TT_III_3_an_official_of_a_unit_that_the_directory_lacks_waits_and_follows_by_itself(
    apparatus, handler, admin, monkeypatch
):
    agency = directory.agency_by_code(OTHER)
    with clock.at(morning("2026-10-07")):
        Agency.objects.filter(pk=agency.id).update(until_date="2026-10-01")
        official(1, handler, organisation=OTHER, placed_on="01/10/2026", email="")
        work()
        (line,) = seen(admin).stuck
        assert (line.trouble_code, account_of(MOTHER)) == ("personnel.no_unit", None)
        assert "Chi cục Cũ Hai (minh hoạ)" in line.trouble
        Agency.objects.filter(pk=agency.id).update(until_date=None)
        assert personnel.retry_due() == 0
    with clock.at(morning("2026-10-07") + timedelta(minutes=6)):
        assert personnel.retry_due() == 1
        assert account_of(MOTHER).state == "pending"
        assert seen(admin).stuck == ()


def test_TT_III_3_a_decision_that_a_rule_forbids_waits_with_the_reason_and_is_tried_again(
    apparatus, handler, admin
):
    file = official(
        1, handler, organisation=BRANCH, placed_on="01/07/2025", email="", commune="21583"
    )
    said = {"to_org": BRANCH, "post": "director", "until": "01/10/2031", "planned": "yes"}
    decided(5, "appoint", "07/10/2026", of="CB-000001", term_months="60", **said)
    work()
    (line,) = seen(admin).stuck_decisions
    assert line.number == "QĐNS-00005/2026"
    assert "Giám đốc và Phó Giám đốc Sở không làm việc ở xã" in line.trouble
    assert titles(MOTHER, "2026-10-08") == [PLAIN]
    assert again(file, handler).text("post") == PLAIN
    registries.amend(
        registry=file.registry, id=file.id, values={"record.commune": ""}, actor=handler
    )
    personnel.retry_decision(id=line.id, actor=admin)
    work()
    assert seen(admin).stuck_decisions == ()
    assert titles(MOTHER, "2026-10-08") == ["Giám đốc Sở"]
    with pytest.raises(NotFound):
        personnel.retry_decision(id=line.id, actor=admin)


def test_TT_III_3_the_same_event_twice_changes_nothing(working):
    def rows():
        return (
            list(Official.objects.values()),
            list(Movement.objects.values()),
            told(),
            directory.posts_of(directory.find_person(MOTHER).id),
        )

    before = rows()
    settle.follow(working.change_id)
    assert rows() == before
