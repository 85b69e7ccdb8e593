"""An administrator manages the accounts of their own agencies and no others; looks, never acts."""

from datetime import timedelta

import pytest
import structlog
from django.test import Client

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity.logic.open_account import open_official_account
from cuaso.foundation.identity.models import Account, Impersonation
from cuaso.foundation.identity.tests import world
from cuaso.kernel.subjects import Subject

ASIDE = "052188000031"
BELOW = "052188000032"
CHIEF = "052188000033"
REASON = "Cán bộ báo không thấy hồ sơ"


def member(username, *, agency_id, roles=("handler",), number):
    """Open an account for somebody with one post in an agency."""
    person = directory.ensure_person(name=f"Người {username}", personal_number=number)
    world.add_post(person.id, title="Chuyên viên", roles=set(roles), agency_id=agency_id)
    account_id = open_official_account(
        actor=world.TESTER,
        person_id=person.id,
        name=person.name,
        username=username,
        password=world.PASSWORD,
    )
    return Account.objects.get(pk=account_id)


@pytest.fixture
def province(db):
    """Two departments under a province: the administrator's with a branch below, and another."""
    top = world.agency(key="tinh", name="UBND tỉnh", level="province")
    own = world.agency(key="so-nha", name="Sở Nhà", parent="tinh", level="province")
    branch = world.agency(key="chi-cuc", name="Chi cục Nhà", parent="so-nha", level="province")
    other = world.agency(key="so-khac", name="Sở Khác", parent="tinh", level="province")
    assert top
    return {
        "admin": member("quantri.nha", agency_id=own, roles=("admin",), number=CHIEF),
        "below": member("canbo.chicuc", agency_id=branch, number=BELOW),
        "aside": member("canbo.khac", agency_id=other, number=ASIDE),
    }


@pytest.fixture
def admin(province):
    client = Client()
    world.sign_in(client, username="quantri.nha")
    return client


def address(account):
    return f"/tai-khoan/quan-tri/{account.id}/"


def last(account):
    return audit.history(Subject(kind="identity.account", id=account.id))[-1]


def test_the_list_holds_ones_own_agencies_and_those_below(admin):
    page = admin.get("/tai-khoan/quan-tri/").content.decode()
    assert "canbo.chicuc" in page
    assert "quantri.nha" in page
    assert "canbo.khac" not in page
    assert "canbo.chicuc" not in admin.get("/tai-khoan/quan-tri/?q=khac").content.decode()


def test_an_account_below_is_signed_out_shut_and_opened_with_a_reason(admin, province):
    below = province["below"]
    official = Client()
    world.sign_in(official, username="canbo.chicuc")
    admin.post(address(below), {"act": "sessions", "reason": "Mất máy tính"})
    assert world.who(official).startswith("anonymous")
    assert last(below).reason == "Mất máy tính"
    admin.post(address(below), {"act": "close", "reason": "Nghỉ phép dài"})
    below.refresh_from_db()
    assert not below.is_active
    admin.post(address(below), {"act": "open", "reason": "Đã trở lại"})
    below.refresh_from_db()
    assert below.is_active


@pytest.mark.parametrize("act", ["sessions", "close", "look", "recover"])
def test_an_account_of_another_agency_is_out_of_reach_and_unknown(admin, province, act):
    aside = province["aside"]
    before = world.entries()
    words = {"act": act, "reason": REASON, "number": ASIDE, "paper": "can-cuoc"}
    refused = admin.post(address(aside), words)
    assert refused.status_code == 404
    assert "trong các cơ quan ông/bà quản trị" in refused.content.decode()
    assert admin.get(address(aside)).status_code == 404
    aside.refresh_from_db()
    assert aside.is_active
    assert world.entries() == before


def test_who_also_serves_elsewhere_is_not_managed_from_one_side(admin, province):
    elsewhere = directory.agency_by_key("so-khac").id
    person_id = province["below"].person_id
    world.add_post(person_id, title="Kiêm nhiệm", roles={"handler"}, agency_id=elsewhere)
    assert admin.get(address(province["below"])).status_code == 404


def test_nobody_manages_their_own_account_nor_without_the_role(admin, province):
    assert admin.get(address(province["admin"])).status_code == 403
    plain = Client()
    world.sign_in(plain, username="canbo.chicuc")
    assert plain.get("/tai-khoan/quan-tri/").status_code == 403


def test_looking_with_anothers_eyes_shows_and_tells_and_changes_nothing(admin, province):
    below = province["below"]
    begun = admin.post(address(below), {"act": "look", "reason": REASON})
    assert begun["Location"] == "/ban-lam-viec/"
    seen = "official|Người canbo.chicuc (Người quantri.nha xem thay)|None|"
    assert world.who(admin).startswith(seen)
    assert "Đang xem thay" in admin.get("/bao-mat/").content.decode()
    (told,) = world.events("identity.impersonated")
    assert REASON in told["say"]
    assert "Người quantri.nha" in told["say"]
    before = world.entries()
    refused = admin.post("/tu-cach/", {"capacity": "self"})
    assert refused.status_code == 403
    assert "Đang xem thay người khác nên không làm được việc này." in refused.content.decode()
    assert world.entries() == before
    admin.post("/tai-khoan/quan-tri/thoi-xem-thay/")
    assert world.who(admin).startswith("official|Người quantri.nha|")
    assert last(below).act == "identity.impersonation_ended"
    own = Client()
    world.sign_in(own, username="canbo.chicuc")
    assert REASON in own.get("/bao-mat/").content.decode()


def test_every_log_line_of_such_a_request_names_who_really_looks(admin, province):
    admin.post(address(province["below"]), {"act": "look", "reason": REASON})
    structlog.contextvars.clear_contextvars()
    admin.get("/ai/")
    bound = structlog.contextvars.get_contextvars()
    assert bound["act"] == {"sub": str(province["admin"].person_id)}
    assert bound["sub"] == str(province["below"].person_id)
    structlog.contextvars.clear_contextvars()


def test_the_look_ends_by_itself(admin, province):
    admin.post(address(province["below"]), {"act": "look", "reason": REASON})
    row = Impersonation.objects.get()
    Impersonation.objects.update(until=row.until - timedelta(minutes=31))
    assert world.who(admin).startswith("official|Người quantri.nha|")


def test_it_needs_a_reason_and_never_widens_a_right(admin, province):
    blank = admin.post(address(province["below"]), {"act": "look", "reason": "xem"})
    assert blank.status_code == 422
    own = directory.agency_by_key("so-nha").id
    other = member("quantri.hai", agency_id=own, roles=("admin",), number="052188000034")
    refused = admin.post(address(other), {"act": "look", "reason": REASON})
    assert refused.status_code == 403
    assert Impersonation.objects.count() == 0
