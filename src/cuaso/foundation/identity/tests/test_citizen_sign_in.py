"""A citizen signs in through VNeID: real OpenID Connect over a socket."""

from urllib.parse import parse_qs, urlsplit

import httpx
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.tests import world


def test_the_first_sign_in_makes_one_account_for_one_person(db, vneid, client):
    answer = world.sign_in_by_vneid(client, vneid)
    assert answer["Location"] == "/"
    assert world.who(client) == "citizen|Nguyễn Thị Hoa Mai|None|None"
    account = Account.objects.get()
    assert account.kind == "citizen"
    assert account.person_id == world.person(world.HOA).id
    assert not account.has_usable_password()
    assert client.session["identity_assurance"] == 2
    assert world.acts() == ["identity.citizen_linked", "identity.signed_in"]


def test_the_second_sign_in_finds_the_same_account(db, vneid, citizen):
    world.sign_in_by_vneid(Client(), vneid, level="1")
    assert Account.objects.count() == 1
    assert world.acts()[-1] == "identity.signed_in"


def test_personal_data_stays_out_of_the_sign_in_tables(citizen, vneid):
    world.sign_in_by_vneid(Client(), vneid)
    linked = SocialAccount.objects.get()
    assert linked.extra_data == {}
    assert world.HOA not in Account.objects.get().username


def test_the_request_to_vneid_carries_state_nonce_and_pkce(db, vneid, client):
    words = parse_qs(urlsplit(world.ask_vneid(client)).query)
    assert words["code_challenge_method"] == ["S256"]
    assert words["redirect_uri"] == ["http://testserver/tai-khoan/vneid/tra-loi/"]
    assert set(words["scope"][0].split()) == {"openid", "profile", "phone"}
    assert len(words["nonce"][0]) >= 32
    assert len(words["state"][0]) >= 16
    other = parse_qs(urlsplit(world.ask_vneid(client)).query)
    assert other["nonce"] != words["nonce"]
    assert other["code_challenge"] != words["code_challenge"]


def test_going_on_after_sign_in_leads_to_the_page_that_was_asked_for(db, vneid, client):
    back = world.consent(world.ask_vneid(client, next="/cong-dan/"), vneid)
    assert client.get(back)["Location"] == "/cong-dan/"
    evil = Client()
    back = world.consent(world.ask_vneid(evil, next="https://evil.example/"), vneid)
    assert evil.get(back)["Location"] == "/"


def test_an_answer_with_another_state_is_refused(db, vneid, client):
    back = world.consent(world.ask_vneid(client), vneid)
    answer = client.get(back.replace("state=", "state=x"))
    assert answer.status_code == 400
    assert "không khớp với yêu cầu từ trình duyệt này" in answer.content.decode()
    assert world.who(client).startswith("anonymous")
    assert world.counts() == (0, 0, 0)


def test_metadata_that_names_another_issuer_lets_nobody_in(db, vneid, client, settings):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    place = urlsplit(vneid.url)
    other = "127.0.0.1" if place.hostname == "localhost" else "localhost"
    app["settings"]["server_url"] = place._replace(netloc=f"{other}:{place.port}").geturl()
    back = world.consent(world.ask_vneid(client), vneid)
    assert client.get(back).status_code == 400
    assert world.who(client).startswith("anonymous")
    assert world.counts() == (0, 0, 0)


def test_an_answer_brought_into_another_browser_is_refused(db, vneid, client):
    back = world.consent(world.ask_vneid(client), vneid)
    victim = Client()
    assert victim.get(back).status_code == 400
    assert world.who(victim).startswith("anonymous")


def test_an_answer_used_twice_is_refused(db, vneid, client):
    back = world.consent(world.ask_vneid(client), vneid)
    client.get(back)
    client.post("/dang-xuat/")
    before = world.counts()
    assert client.get(back).status_code == 400
    assert world.who(client).startswith("anonymous")
    assert world.counts() == before


def test_a_code_of_another_request_is_refused(db, vneid, client):
    """PKCE: a code that was got for one request is worth nothing in another one."""
    stolen = parse_qs(urlsplit(world.consent(world.ask_vneid(Client()), vneid)).query)["code"][0]
    own = world.ask_vneid(client)
    state = parse_qs(urlsplit(own).query)["state"][0]
    answer = client.get("/tai-khoan/vneid/tra-loi/", {"code": stolen, "state": state})
    assert answer.status_code == 400
    assert world.counts() == (0, 0, 0)


def test_a_second_subject_cannot_take_over_the_account(db, vneid, citizen):
    SocialAccount.objects.update(uid="chu-the-dau-tien")
    before = (Account.objects.count(), SocialAccount.objects.count())
    thief = Client()
    answer = world.sign_in_by_vneid(thief, vneid)
    assert answer.status_code == 403
    assert "không khớp với lần liên kết đầu tiên" in answer.content.decode()
    assert world.who(thief).startswith("anonymous")
    assert (Account.objects.count(), SocialAccount.objects.count()) == before
    assert SocialAccount.objects.get().uid == "chu-the-dau-tien"
    assert world.acts()[-1] == "identity.link_refused"


def test_a_subject_that_claims_another_number_is_refused(db, vneid, citizen):
    world.sign_in_by_vneid(Client(), vneid, number=world.BINH)
    hoa = world.person(world.HOA)
    binh = world.person(world.BINH)
    first = SocialAccount.objects.get(user__person_id=hoa.id)
    second = SocialAccount.objects.get(user__person_id=binh.id)
    subject = first.uid
    first.delete()
    SocialAccount.objects.filter(pk=second.pk).update(uid=subject)
    answer = world.sign_in_by_vneid(Client(), vneid)
    assert answer.status_code == 403
    assert SocialAccount.objects.get().user.person_id == binh.id


def test_a_citizen_who_is_an_official_has_two_separate_accounts(db, vneid, client, official):
    person = directory.person(official.person_id)
    assert person.personal_number not in (world.HOA, world.BINH)
    world.sign_in(client)
    world.sign_in_by_vneid(client, vneid)
    assert world.who(client).startswith("citizen|Nguyễn Thị Hoa Mai")
    assert Account.objects.count() == 2


def test_who_declines_reads_so_and_is_not_signed_in(db, vneid, client):
    answer = client.get(world.consent(world.ask_vneid(client), vneid, answer="no"))
    assert answer["Location"] == "/dang-nhap/"
    assert "chưa đăng nhập" in client.get("/dang-nhap/").content.decode()


def test_while_vneid_is_down_the_page_says_so(db, vneid, client):
    back = world.consent(world.ask_vneid(client), vneid)
    httpx.post(f"{vneid.url}/_faults", data={"mode": "down"})
    begun = client.post("/tai-khoan/vneid/")
    assert begun.status_code == 503
    assert "VNeID hiện không trả lời." in begun.content.decode()
    assert client.get(back).status_code == 503
    assert world.counts() == (0, 0, 0)


def test_without_vneid_declared_the_page_says_whom_to_tell(db, client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    answer = client.post("/tai-khoan/vneid/")
    assert answer.status_code == 404
    assert "Chưa nối với VNeID." in answer.content.decode()


def test_citizens_cannot_add_a_second_way_in(citizen):
    for address in ("/bao-mat/ung-dung/", "/bao-mat/khoa/", "/bao-mat/ma/"):
        assert citizen.get(address).status_code == 403
    assert "Mật khẩu và thiết bị do VNeID quản lý." in citizen.get("/bao-mat/").content.decode()
