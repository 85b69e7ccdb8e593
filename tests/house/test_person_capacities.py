"""KT-a, KT-d8: four kinds of users on one user base, each in their capacity and no further."""

import base64
from datetime import timedelta

import pytest
from django.test import Client

from cuaso.capabilities.exchange.logic import businesses as register
from cuaso.capabilities.provisioning import api as provisioning
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import AgencyRow
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.foundation.identity.models import Account
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.subjects import Subject
from cuaso.services.accounts import api as accounts
from cuaso.services.accounts import jobs
from cuaso.services.accounts.models import RegisterCheck
from tests.house.test_person_data import KHAI, browser, checked, linked
from tests.rest.conftest import signed_in
from tests.rest.test_scim import ADMIN
from tests.support.dossiers import let_the_house_work, submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
TESTER = system("Bài thử")
PASSWORD = "Mat-khau-rat-dai-2026"
FISH, WOOD = "4199990019", "4199990026"
MACHINE = {"grant_type": "client_credentials"}


@pytest.fixture(autouse=True)
def _rested():
    register.BREAKER.succeeded()


@pytest.fixture
def khai():
    """Phạm Quốc Khải, legal representative of two businesses by the register."""
    account = linked(KHAI)
    checked(account)
    return account


def business(tax_code):
    return directory.find_business(tax_code)


def acting(account, tax_code):
    return Actor(
        kind="business",
        name=account.display_name,
        person_id=account.person_id,
        for_id=business(tax_code).id,
    )


def switch(client, key):
    return client.post("/tu-cach/", {"capacity": key})


def switches(account):
    entries = audit.history(Subject(kind="identity.account", id=account.id))
    return [one.content for one in entries if one.act == "identity.capacity_switched"]


def test_KT_a_a_representative_of_two_businesses_sees_and_submits_for_one_at_a_time(khai):
    fish, wood = business(FISH), business(WOOD)
    sent = submit_marital(acting(khai, WOOD), key="go")
    code = sent.tracking_code
    client = browser(khai)
    assert client.get(f"/ho-so/{code}/").status_code == 404
    switch(client, f"business:{wood.id}")
    page = client.get("/ho-so/").content.decode()
    assert code in page
    assert f"Đang làm việc với tư cách đại diện cho {wood.name}." in page
    assert client.get(f"/ho-so/{code}/").status_code == 200
    switch(client, f"business:{fish.id}")
    other = client.get("/ho-so/").content.decode()
    assert code not in other
    assert f"đại diện cho {fish.name}" in other
    assert client.get(f"/ho-so/{code}/").status_code == 404
    assert f"{khai.display_name}<small>{fish.name}</small>" in other
    switch(client, "self")
    own = client.get("/ho-so/").content.decode()
    assert "tư cách đại diện cho" not in own
    assert f"{khai.display_name}<small>Công dân</small>" in own
    assert [one["to"] for one in switches(khai)] == [
        f"business:{wood.id}",
        f"business:{fish.id}",
        "self",
    ]


def test_KT_a_a_business_that_is_not_ones_own_cannot_be_taken_on(khai, citizen):
    stranger = signed_in(citizen()).client
    refused = switch(stranger, f"business:{business(FISH).id}")
    assert refused.status_code == 403
    assert "Không chuyển được sang tư cách này." in refused.content.decode()
    assert "đại diện cho" not in stranger.get("/ho-so/").content.decode()


def test_KT_a_an_official_with_two_posts_works_from_one_at_a_time(official):
    first = official("reception")
    elsewhere = official("reception", "21952")
    second = directory.appoint(
        agency_id=elsewhere.agency_id,
        person_id=first.person_id,
        title="Công chức biệt phái",
        roles={"reception"},
        start=clock.today() - timedelta(days=1),
        actor=TESTER,
    )
    client = signed_in(first).client
    account = Account.objects.get(person_id=first.person_id, kind="official")
    chosen = client.get("/tu-cach/").content.decode()
    assert "Công chức biệt phái" in chosen
    switch(client, f"post:{second.id}")
    page = client.get("/ban-lam-viec/").content.decode()
    assert "Công chức biệt phái" in page
    assert switches(account)[-1]["to"] == f"post:{second.id}"
    directory.end_post(post_id=second.id, end=clock.today(), actor=TESTER, reason="Hết biệt phái")
    assert "Công chức biệt phái" not in client.get("/ban-lam-viec/").content.decode()


def test_KT_a_another_agencys_system_enters_for_what_it_was_given_alone():
    made = identity.register_system(
        actor=TESTER,
        draft=SystemDraft(
            name="Phần mềm của sở",
            client_id="phan-mem-so",
            grant_types=("client_credentials",),
            scopes=("scim",),
        ),
    )
    proof = base64.b64encode(f"phan-mem-so:{made.secret}".encode()).decode()
    machine = Client()
    answer = machine.post("/oidc/token", MACHINE, headers={"Authorization": f"Basic {proof}"})
    token = answer.json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    closed = machine.get("/scim/v2/Users?count=1", headers=bearer)
    assert closed.status_code == 403
    office = directory.agency_by_key("chi-cuc-kiem-lam-gia-lai").id
    provisioning.open_system(
        name="Phần mềm của sở",
        agency_id=office,
        may_write=False,
        actor=ADMIN,
        client_id="phan-mem-so",
    )
    provisioning.look_again()
    while provisioning.revise():
        pass
    seen = machine.get("/scim/v2/Users?count=1", headers=bearer)
    assert seen.status_code == 200
    assert 0 < seen.json()["totalResults"] < Account.objects.filter(kind="official").count()
    assert machine.get("/scim/v2/Users?count=1").status_code == 401
    elsewhere = machine.get("/api/v1/me", headers=bearer)
    assert elsewhere.status_code in (401, 403)
    assert machine.get("/ban-lam-viec/", headers=bearer).status_code == 302


def test_KT_a_a_citizen_is_no_official_and_an_official_no_citizen(khai, official):
    assert browser(khai).get("/ban-lam-viec/").status_code == 403
    assert signed_in(official("handler")).client.get("/ho-so/").status_code == 403


def party_office():
    row = AgencyRow(
        key="van-phong-tinh-uy",
        code="",
        code_old_style="",
        name="Văn phòng Tỉnh ủy",
        name_en="",
        short_name="Văn phòng Tỉnh ủy",
        kind="party",
        level="province",
        parent_key="",
        place_code="",
        seal_name="",
        from_=None,
        to=None,
        source="",
        unverified=True,
    )
    directory.install_agencies([row])
    return directory.agency_by_key("van-phong-tinh-uy").id


def party_official(citizen):
    """Give an invented citizen a post in a Party agency, and an account on the one user base."""
    person = citizen()
    directory.appoint(
        agency_id=party_office(),
        person_id=person.person_id,
        title="Chuyên viên Văn phòng Tỉnh ủy",
        roles={"handler"},
        start=clock.today() - timedelta(days=1),
        actor=TESTER,
    )
    account_id = identity.open_official_account(
        actor=TESTER,
        person_id=person.person_id,
        name=person.name,
        username="canbo.tinhuy",
        password=PASSWORD,
    )
    return Account.objects.get(pk=account_id)


def test_KT_d8_a_party_official_stands_on_the_central_user_base_and_is_checked(citizen):
    account = party_official(citizen)
    let_the_house_work()
    jobs.check_due()
    row = RegisterCheck.objects.get(account_id=account.id)
    assert (row.state, row.kind, row.differing) == ("agrees", "official", [])
    client = Client()
    client.post("/dang-nhap/can-bo/", {"login": "canbo.tinhuy", "password": PASSWORD})
    page = client.get("/bao-mat/")
    assert page.status_code == 200
    (capacity,) = identity.capacities(account)
    assert (capacity.title, capacity.detail) == (
        "Chuyên viên Văn phòng Tỉnh ủy",
        "Văn phòng Tỉnh ủy",
    )


def test_KT_d8_the_same_person_is_one_person_by_vneid_and_by_post(citizen):
    official = party_official(citizen)
    person = directory.person(official.person_id)
    private = linked(person.personal_number)
    assert private.person_id == official.person_id
    assert private.id != official.id
    assert {one.kind for one in identity.own_accounts(person.id)} == {"citizen", "official"}
    assert {one.kind for one in identity.capacities(private)} <= {"citizen", "guardian"}


def test_KT_d8_an_account_whose_number_the_nation_does_not_know_is_marked(citizen):
    stranger = directory.ensure_person(name="Người Chưa Có", personal_number="052199777777")
    identity.open_official_account(
        actor=TESTER,
        person_id=stranger.id,
        name=stranger.name,
        username="chua.co",
        password=PASSWORD,
    )
    let_the_house_work()
    jobs.check_due()
    (told,) = accounts.checks_of(stranger.id)
    assert told.state == "unknown"
    assert told.say == ("Cơ sở dữ liệu quốc gia về dân cư không có người mang số định danh này.")
