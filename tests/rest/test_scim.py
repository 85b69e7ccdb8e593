"""Other systems read and keep people and units by SCIM 2.0 (RFC 7643, 7644, 9865)."""

import base64
import json
from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cuaso.capabilities.provisioning import api as provisioning
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Conflict
from tests.rest.conftest import BACKEND

ADMIN = system("Quản trị viên thử")
ADMINISTRATOR = replace(ADMIN, roles=frozenset({"admin"}))
ROOT = "/scim/v2"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


class Caller:
    """A system with a token."""

    def __init__(self, token: str) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path, **query):
        return self.client.get(ROOT + path, query, headers=self.headers)

    def send(self, method, path, body=None, **headers):
        return self.client.generic(
            method,
            ROOT + path,
            data=b"" if body is None else json.dumps(body).encode(),
            content_type="application/scim+json",
            headers={**self.headers, **headers},
        )

    def made(self, body):
        answer = self.send("POST", "/Users", {"schemas": [USER], **body})
        assert answer.status_code == 201, answer.content
        return answer.json()


@pytest.fixture
def caller(db):
    _, token = provisioning.open_system(name="Nhân sự", agency_id=None, may_write=True, actor=ADMIN)
    return Caller(token)


@pytest.fixture
def known(caller):
    """Return the caller once everybody of the furnished house is shown."""
    provisioning.look_again()
    while provisioning.revise():
        pass
    return caller


def patch(*operations):
    return {"schemas": [PATCH], "Operations": list(operations)}


def test_without_a_token_only_the_configuration_is_told(db):
    guest = Client()
    assert guest.get(ROOT + "/ServiceProviderConfig").status_code == 200
    for path in ("/Users", "/Schemas", "/ResourceTypes", "/Groups/x", "/"):
        refused = guest.get(ROOT + path)
        assert refused.status_code == 401
        assert refused["WWW-Authenticate"] == 'Bearer realm="SCIM"'
    wrong = [Caller("cuaso_sai").get("/Users").status_code for _ in range(21)]
    assert wrong == [401] * 20 + [429]


def machine(*, scopes=("scim",), client_id="nhan-su"):
    """Register a system at our OpenID provider; return a token of its own and how to get more."""
    draft = SystemDraft(
        name="Nhân sự",
        client_id=client_id,
        grant_types=("client_credentials",),
        scopes=scopes,
    )
    made = identity.register_system(actor=ADMINISTRATOR, draft=draft)
    pair = base64.b64encode(f"{made.client_id}:{made.secret}".encode()).decode()
    answer = Client().post(
        "/oidc/token",
        {"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {pair}"},
    )
    return Caller(answer.json()["access_token"])


def test_a_token_of_the_openid_provider_with_the_scope_of_scim_opens_what_was_opened(known):
    caller = machine()
    refused = caller.get("/Users")
    assert (refused.status_code, "chưa được mở danh bạ" in refused.json()["detail"]) == (403, True)
    office = directory.agency_by_key("chi-cuc-kiem-lam-gia-lai").id
    provisioning.open_system(
        name="Qua OpenID", agency_id=office, may_write=False, actor=ADMIN, client_id="nhan-su"
    )
    seen = caller.get("/Users", count="1")
    assert seen.status_code == 200
    assert 0 < seen.json()["totalResults"] < known.get("/Users", count="1").json()["totalResults"]
    assert caller.send("POST", "/Users", {"schemas": [USER], "userName": "x.y"}).status_code == 403
    with pytest.raises(Conflict) as twice:
        provisioning.open_system(
            name="Lần nữa", agency_id=None, may_write=True, actor=ADMIN, client_id="nhan-su"
        )
    assert twice.value.code == "provisioning.client_exists"
    identity.close_system(actor=ADMINISTRATOR, client_id="nhan-su", reason="Thôi dùng.")
    assert caller.get("/Users").status_code == 401


def test_a_token_with_another_scope_or_of_an_ended_system_opens_nothing(db):
    provisioning.open_system(
        name="Khác", agency_id=None, may_write=True, actor=ADMIN, client_id="khac"
    )
    other = machine(scopes=("ho_so.doc",), client_id="khac")
    refused = other.get("/Users")
    assert (refused.status_code, "phạm vi “scim”" in refused.json()["detail"]) == (403, True)
    provisioning.open_system(
        name="Qua OpenID", agency_id=None, may_write=True, actor=ADMIN, client_id="nhan-su"
    )
    caller = machine()
    assert caller.get("/Users", count="0").status_code == 200
    provisioning.end_system(name="Qua OpenID", actor=ADMIN, reason="Thôi dùng.")
    assert caller.get("/Users", count="0").status_code == 403
    assert Caller("khong-phai-ma").get("/Users").status_code == 401


def test_a_system_that_only_reads_changes_nothing(db):
    _, token = provisioning.open_system(
        name="Chỉ đọc", agency_id=None, may_write=False, actor=ADMIN
    )
    reader = Caller(token)
    refused = reader.send("POST", "/Users", {"schemas": [USER], "userName": "khong.duoc"})
    assert refused.status_code == 403
    assert "chỉ được đọc" in refused.json()["detail"]
    assert reader.get("/Users").status_code == 200
    assert not get_user_model().objects.filter(username="khong.duoc").exists()


def test_the_house_is_searched_by_name_with_and_without_marks_and_paged_by_cursor(known):
    by_letters = known.get("/Users", filter='displayName co "le"', count="500").json()
    assert by_letters["totalResults"] > 0
    marked = known.get("/Users", filter='displayName co "Lê"', count="500").json()
    assert marked["totalResults"] == by_letters["totalResults"]
    everyone, cursor = [], ""
    while cursor is not None:
        page = known.get("/Users", count="40", cursor=cursor, sortBy="userName").json()
        everyone += [one["userName"] for one in page["Resources"]]
        cursor = page.get("nextCursor")
    assert everyone == sorted(set(everyone))
    assert len(everyone) == known.get("/Users", count="0").json()["totalResults"]
    code = directory.agency(directory.province().committee_id).code
    organisation = "urn:cuaso:params:scim:schemas:extension:organisation:2.0:Group"
    found = known.get("/Groups", filter=f'{organisation}:code eq "{code}"').json()
    assert [one["displayName"] for one in found["Resources"]] == [
        directory.province().committee_name
    ]
    assert known.get("/Users", filter='password eq "x"').status_code == 400
    assert known.get("/Users", filter='displayName regex "x"').status_code == 400


def test_a_joiner_is_entered_moved_and_deactivated_and_the_live_session_dies_at_once(caller):
    made = caller.made({"userName": "nguoi.moi", "name": {"formatted": "Người Mới"}})
    assert made["active"] is True
    taken = caller.send("POST", "/Users", {"schemas": [USER], "userName": "Nguoi.Moi"})
    assert (taken.status_code, taken.json()["scimType"]) == (409, "uniqueness")
    account = get_user_model().objects.get(username="nguoi.moi")
    assert not account.has_usable_password()
    unit = caller.send("POST", "/Groups", {"schemas": [GROUP], "displayName": "Tổ thử"}).json()
    member = {"op": "add", "path": "members", "value": [{"value": made["id"]}]}
    assert caller.send("PATCH", f"/Groups/{unit['id']}", patch(member)).status_code == 204
    moved = caller.get(f"/Groups/{unit['id']}").json()
    assert [one["value"] for one in moved["members"]] == [made["id"]]
    assert [post.title for post in directory.posts_of(account.person_id)] == ["Thành viên"]
    session = Client()
    session.force_login(account, backend=BACKEND)
    assert session.get("/bao-mat/").status_code == 200
    off = {"op": "replace", "path": "active", "value": False}
    assert caller.send("PATCH", f"/Users/{made['id']}", patch(off)).status_code == 204
    assert caller.get(f"/Users/{made['id']}").json()["active"] is False
    assert session.get("/bao-mat/").status_code == 302
    assert caller.send("DELETE", f"/Users/{made['id']}").status_code == 204
    assert caller.get(f"/Users/{made['id']}").status_code == 404
    assert directory.posts_of(account.person_id) == ()
    assert "members" not in caller.get(f"/Groups/{unit['id']}").json()


def test_two_systems_that_write_at_once_do_not_overwrite_each_other(caller):
    made = caller.made({"userName": "hai.noi", "displayName": "Hai Nơi"})
    path, old = f"/Users/{made['id']}", made["meta"]["version"]
    title = {"op": "replace", "path": "title", "value": "Cố vấn"}
    first = caller.send("PATCH", path, patch(title), **{"If-Match": old})
    assert first.status_code == 204
    late = {"op": "replace", "path": "title", "value": "Khác"}
    assert caller.send("PATCH", path, patch(late), **{"If-Match": old}).status_code == 412
    assert caller.get(path).json()["title"] == "Cố vấn"
    fresh = {**caller.headers, "If-None-Match": first["ETag"]}
    assert caller.client.get(ROOT + path, headers=fresh).status_code == 304


def test_a_bulk_request_keeps_what_succeeded_and_says_what_did_not(caller):
    caller.made({"userName": "da.co"})
    new = {"schemas": [USER], "userName": "tu.lo"}
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": "1", "data": new},
        {"method": "POST", "path": "/Users", "bulkId": "2", "data": {**new, "userName": "da.co"}},
    ]
    answer = caller.send("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
    assert [one["status"] for one in answer.json()["Operations"]] == ["201", "409"]
    names = get_user_model().objects.filter(username__in=["tu.lo", "da.co"])
    assert sorted(names.values_list("username", flat=True)) == ["da.co", "tu.lo"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"schemas": ["urn:x"], "userName": "sai.mau"}',
        b'{"userName": 7, "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}',
        b'{"userName": "sai\\u0000", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}',
    ],
)
def test_senseless_bodies_are_refused_as_scim_refuses(caller, body):
    before = get_user_model().objects.count()
    answer = caller.client.generic(
        "POST",
        ROOT + "/Users",
        data=body,
        content_type="application/scim+json",
        headers=caller.headers,
    )
    assert answer.status_code == 400
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert get_user_model().objects.count() == before
