"""A way back that does not weaken the account: a paper, a wait, two officials, and notice."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity.models import Account, Recovery
from cuaso.foundation.identity.tests import world
from cuaso.foundation.identity.tests.test_administration import member
from cuaso.kernel import clock

LOST = "052188000041"


@pytest.fixture
def office(db):
    """An office with two administrators and an official who has lost the phone."""
    own = world.agency(key="so-nha", name="Sở Nhà", level="province")
    lost = member("mat.may", agency_id=own, number=LOST)
    Authenticator.objects.create(user=lost, type="totp", data={"secret": "x"})
    for name, number in (("mot", "052188000042"), ("hai", "052188000043")):
        member(f"quantri.{name}", agency_id=own, roles=("admin",), number=number)
    return lost


def signed(username):
    client = Client()
    world.sign_in(client, username=username)
    return client


def begin(client, account, *, number=LOST, paper="can-cuoc"):
    words = {"act": "recover", "number": number, "paper": paper}
    return client.post(f"/tai-khoan/quan-tri/{account.id}/", words)


def told():
    return [one["say"] for one in world.events("identity.recovery")]


def test_a_paper_of_another_person_begins_nothing(office):
    answer = begin(signed("quantri.mot"), office, number="052188000099")
    assert answer.status_code == 422
    assert "Giấy tờ xuất trình không khớp với chủ tài khoản." in answer.content.decode()
    assert Recovery.objects.count() == 0
    assert told() == []
    assert world.acts()[-1] == "identity.recovery_refused"


def test_it_waits_and_the_person_is_told_before_anything_changes(office):
    begin(signed("quantri.mot"), office)
    row = Recovery.objects.get()
    assert row.ready_at - row.begun_at >= timedelta(hours=23, minutes=59)
    assert "thẻ căn cước" in told()[0]
    assert "Nếu không phải ông/bà, hãy hủy" in told()[0]
    early = signed("quantri.hai").post(f"/tai-khoan/quan-tri/khoi-phuc/{row.id}/")
    assert early.status_code == 409
    assert "Chủ tài khoản có quyền hủy đến" in early.content.decode()
    assert Authenticator.objects.filter(user=office).exists()


def test_who_began_it_cannot_end_it(office):
    begin(signed("quantri.mot"), office)
    Recovery.objects.update(ready_at=clock.now())
    row = Recovery.objects.get()
    same = signed("quantri.mot").post(f"/tai-khoan/quan-tri/khoi-phuc/{row.id}/")
    assert same.status_code == 403
    assert "cần hai cán bộ khác nhau" in same.content.decode()
    assert Authenticator.objects.filter(user=office).exists()


def test_a_second_official_ends_it_with_a_code_and_every_old_factor_is_gone(office):
    begin(signed("quantri.mot"), office)
    Recovery.objects.update(ready_at=clock.now())
    row = Recovery.objects.get()
    page = signed("quantri.hai").post(f"/tai-khoan/quan-tri/khoi-phuc/{row.id}/").content.decode()
    code = world.found(page, r'class="code">([A-Z2-7-]+)<')
    assert not Authenticator.objects.filter(user=office).exists()
    assert world.sign_in(Client(), username="mat.may").status_code == 422
    fresh = "Mot-cau-rat-dai-moi-2026"
    words = {"username": "mat.may", "code": code, "password": fresh, "again": fresh}
    Client().post("/tai-khoan/kich-hoat/", words)
    assert world.sign_in(Client(), username="mat.may", password=fresh)["Location"] == (
        "/ban-lam-viec/"
    )
    assert told()[-1] == "Việc khôi phục tài khoản của ông/bà đã hoàn tất."


def test_the_owner_stops_it_from_an_open_session(office):
    Authenticator.objects.all().delete()
    owner = signed("mat.may")
    begin(signed("quantri.mot"), office)
    assert "Có người đang khôi phục tài khoản này" in owner.get("/bao-mat/").content.decode()
    owner.post("/bao-mat/khoi-phuc/huy/")
    row = Recovery.objects.get()
    assert row.outcome == "stopped"
    Recovery.objects.update(ready_at=clock.now())
    late = signed("quantri.hai").post(f"/tai-khoan/quan-tri/khoi-phuc/{row.id}/")
    assert late.status_code == 404


def test_a_citizen_with_another_vneid_account_is_linked_anew_after_the_wait(office, citizen, vneid):
    own = directory.agency_by_key("so-nha").id
    for name, number in (("mot", "052188000044"), ("hai", "052188000045")):
        member(f"motcua.{name}", agency_id=own, roles=("reception",), number=number)
    SocialAccount.objects.update(uid="chu-the-cu")
    assert world.sign_in_by_vneid(Client(), vneid).status_code == 403
    words = {"number": world.HOA, "paper": "can-cuoc"}
    signed("motcua.mot").post("/tai-khoan/quan-tri/khoi-phuc/", words)
    Recovery.objects.update(ready_at=clock.now())
    row = Recovery.objects.get()
    signed("motcua.hai").post(f"/tai-khoan/quan-tri/khoi-phuc/{row.id}/")
    before = Account.objects.get(kind="citizen")
    back = Client()
    world.sign_in_by_vneid(back, vneid)
    assert world.who(back).startswith("citizen|Nguyễn Thị Hoa Mai")
    assert Account.objects.get(kind="citizen") == before
