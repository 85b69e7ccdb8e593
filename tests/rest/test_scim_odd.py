"""What Entra ID, Okta and hostile callers send by SCIM in their own spelling."""

import pytest
from django.contrib.auth import get_user_model

from cuaso.capabilities.provisioning import api as provisioning
from cuaso.foundation.directory import api as directory
from tests.rest.test_scim import ADMIN, GROUP, USER, Caller, patch

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture
def caller(db):
    _, token = provisioning.open_system(name="Nhân sự", agency_id=None, may_write=True, actor=ADMIN)
    return Caller(token)


@pytest.fixture
def person(caller):
    return caller.made(
        {
            "userName": "nguoi.moi",
            "externalId": "e-1",
            "name": {"formatted": "Người Mới"},
            "emails": [{"value": "cu@doi-tac.example", "type": "work", "primary": True}],
        }
    )


@pytest.mark.parametrize(
    ("operation", "told", "value"),
    [
        ({"op": "Replace", "path": "active", "value": "False"}, "active", False),
        ({"op": "REPLACE", "path": "active", "value": False}, "active", False),
        ({"op": "replace", "value": {"active": "false"}}, "active", False),
        ({"op": "Replace", "path": "displayName", "value": "Mới"}, "displayName", "Mới"),
        ({"op": "Add", "path": "title", "value": "Cố vấn"}, "title", "Cố vấn"),
        ({"op": "Add", "value": {"displayName": "Khác"}}, "displayName", "Khác"),
        ({"op": "Remove", "path": "externalId"}, "externalId", None),
        ({"op": "replace", "path": f"{USER}:displayName", "value": "Dài"}, "displayName", "Dài"),
    ],
)
def test_entra_and_okta_change_a_person_in_their_own_spelling(
    caller, person, operation, told, value
):
    path = f"/Users/{person['id']}"
    answer = caller.send("PATCH", path, patch(operation))
    assert answer.status_code in {200, 204}, answer.content
    assert caller.get(path).json().get(told) == value


@pytest.mark.parametrize("op", ["Add", "Replace"])
def test_entra_changes_an_address_by_its_type_and_a_part_of_a_name(caller, person, op):
    path = f"/Users/{person['id']}"
    operations = [
        {"op": op, "path": 'emails[type eq "work"].value', "value": "moi@doi-tac.example"},
        {"op": op, "path": "name.familyName", "value": "Nguyễn"},
        {"op": op, "path": f"{ENTERPRISE}:employeeNumber", "value": "017"},
    ]
    answer = caller.send("PATCH", path, patch(*operations))
    assert answer.status_code in {200, 204}, answer.content
    kept = caller.get(path).json()
    assert [one["value"] for one in kept["emails"]] == ["moi@doi-tac.example"]
    assert kept["name"]["familyName"] == "Nguyễn"
    assert kept[ENTERPRISE]["employeeNumber"] == "017"


def test_entra_changes_several_things_in_one_value_with_points_in_the_names(caller, person):
    path = f"/Users/{person['id']}"
    value = {"displayName": "Nhiều", "name.givenName": "Mới", f"{ENTERPRISE}:employeeNumber": "018"}
    answer = caller.send("PATCH", path, patch({"op": "Replace", "value": value}))
    assert answer.status_code in {200, 204}, answer.content
    kept = caller.get(path).json()
    assert (kept["displayName"], kept["name"]["givenName"]) == ("Nhiều", "Mới")
    assert kept[ENTERPRISE]["employeeNumber"] == "018"


@pytest.mark.parametrize("op", ["Add", "Replace"])
@pytest.mark.parametrize("way", ["path", "value"])
def test_entra_gives_a_number_by_its_type_to_who_has_none(caller, person, op, way):
    path, name = f"/Users/{person['id']}", 'phoneNumbers[type eq "mobile"].value'
    operation = (
        {"op": op, "path": name, "value": "0912345678"}
        if way == "path"
        else {"op": op, "value": {name: "0912345678", "displayName": "Có số"}}
    )
    answer = caller.send("PATCH", path, patch(operation))
    assert answer.status_code in {200, 204}, answer.content
    kept = caller.get(path).json()
    assert kept["phoneNumbers"] == [{"value": "0912345678", "type": "mobile"}]
    assert kept.get("displayName") == ("Có số" if way == "value" else person.get("displayName"))
    assert [one["value"] for one in kept["emails"]] == ["cu@doi-tac.example"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ('emails[value eq "la@doi-tac.example"].display', "Lạ"),
        ('phoneNumbers[type eq "mobile"]', {"value": "0912345678"}),
        ('phoneNumbers[type eq "mobile" and primary eq true].value', "0912345678"),
    ],
)
def test_a_replace_whose_filter_matches_nothing_is_refused_and_changes_nothing(
    caller, person, path, value
):
    """RFC 7644, 3.5.2.3. Entra's `[type eq "..."].part` alone makes the value (see above)."""
    place = f"/Users/{person['id']}"
    operations = [
        {"op": "replace", "path": "displayName", "value": "Đổi dở"},
        {"op": "replace", "path": path, "value": value},
    ]
    before = caller.get(place).json()
    answer = caller.send("PATCH", place, patch(*operations))
    assert (answer.status_code, answer.json()["scimType"]) == (400, "noTarget")
    whole = {"schemas": [BULK], "Operations": [
        {"method": "PATCH", "path": place, "data": patch(*operations)}
    ]}  # fmt: skip
    (done,) = caller.send("POST", "/Bulk", whole).json()["Operations"]
    assert (done["status"], done["response"]["scimType"]) == ("400", "noTarget")
    assert caller.get(place).json() == before


@pytest.mark.parametrize("way", ["filter", "value"])
def test_entra_takes_a_member_out_by_either_of_its_ways(caller, person, way):
    unit = caller.send("POST", "/Groups", {"schemas": [GROUP], "displayName": "Tổ thử"}).json()
    path, member = f"/Groups/{unit['id']}", {"value": person["id"]}
    put = {"op": "Add", "path": "members", "value": [{"$ref": None, **member}]}
    assert caller.send("PATCH", path, patch(put)).status_code in {200, 204}
    assert [one["value"] for one in caller.get(path).json()["members"]] == [person["id"]]
    if way == "filter":
        out = {"op": "Remove", "path": f'members[value eq "{person["id"]}"]'}
    else:
        out = {"op": "Remove", "path": "members", "value": [member]}
    assert caller.send("PATCH", path, patch(out)).status_code in {200, 204}
    assert "members" not in caller.get(path).json()


def test_entra_takes_one_of_two_members_out_by_a_value(caller, person):
    other = caller.made({"userName": "nguoi.hai", "name": {"formatted": "Người Hai"}})
    unit = caller.send("POST", "/Groups", {"schemas": [GROUP], "displayName": "Tổ thử"}).json()
    path = f"/Groups/{unit['id']}"
    both = [{"value": person["id"]}, {"value": other["id"]}]
    caller.send("PATCH", path, patch({"op": "add", "path": "members", "value": both}))
    out = {"op": "Remove", "path": "members", "value": both[:1]}
    assert caller.send("PATCH", path, patch(out)).status_code in {200, 204}
    assert [one["value"] for one in caller.get(path).json()["members"]] == [other["id"]]


def test_okta_puts_a_person_with_all_that_it_knows(caller, person):
    whole = {
        "schemas": [USER],
        "id": person["id"],
        "userName": "nguoi.moi",
        "name": {"givenName": "Mới", "familyName": "Người"},
        "emails": [{"primary": True, "value": "moi@doi-tac.example", "type": "work"}],
        "displayName": "Người Mới",
        "locale": "vi-VN",
        "externalId": "00u1",
        "groups": [],
        "password": "khong-ai-doc",
        "active": True,
        "meta": {"resourceType": "User"},
    }
    answer = caller.send("PUT", f"/Users/{person['id']}", whole)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["externalId"], answer.json()["active"]) == ("00u1", True)
    account = get_user_model().objects.get(username="nguoi.moi")
    assert not account.check_password("khong-ai-doc")
    assert directory.posts_of(account.person_id) == ()


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ('userName eq "nguoi.moi"', 1),
        ('userName Eq "NGUOI.MOI"', 1),
        ('userName eq "nguoi.moi" and active eq true', 1),
        ('userName eq "nguoi.moi" and active eq false', 0),
        ('userName eq "nguoi.moi" and not (externalId eq "e-1")', 0),
        ('externalId eq "e-1" and userName sw "nguoi"', 1),
        ('emails[type eq "work" and value eq "cu@doi-tac.example"]', 1),
        ('emails.value eq "CU@doi-tac.example"', 1),
        ('userName eq "nguoi.moi" and meta.lastModified gt "2011-05-13T04:42:34Z"', 1),
        ('userName eq "a\\"b"', 0),
        ('id eq "khong-phai-ma"', 0),
        ('active eq "True" and userName eq "nguoi.moi"', 1),
        ('active eq "False" and userName eq "nguoi.moi"', 0),
        ("(" * 3_000 + 'userName eq "nguoi.moi"' + ")" * 3_000, 1),
    ],
)
def test_a_question_in_the_spelling_of_others_finds_who_is_meant(caller, person, filter, found):
    answer = caller.get("/Users", filter=filter)
    assert answer.status_code == 200, answer.content
    assert answer.json()["totalResults"] == found


@pytest.mark.parametrize(
    "filter",
    [
        "userName",
        'userName eq "',
        "userName eq 5",
        'meta.created gt "hôm qua"',
        'meta.created gt "99999-01-01T00:00:00Z"',
        "active gt true",
        'userName eq "a\x00b"',
        " or ".join(['userName eq "a"'] * 3_000),
        "not " * 2_000 + '(userName eq "a")',
    ],
)
def test_a_senseless_question_is_refused_as_scim_refuses(caller, filter):
    answer = caller.get("/Users", filter=filter)
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ({"startIndex": "999999"}, 0),
        ({"startIndex": "0", "count": "1"}, 1),
        ({"startIndex": "-5", "count": "1"}, 1),
        ({"startIndex": "1", "count": "0"}, 0),
        ({"count": "-1"}, 0),
        ({"startIndex": str(10**30), "count": "1"}, 0),
        ({"count": str(10**30)}, 1),
    ],
)
def test_a_page_beyond_the_end_is_empty_and_no_error(caller, person, words, shown):
    answer = caller.get("/Users", filter='userName eq "nguoi.moi"', **words)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["totalResults"], len(answer.json().get("Resources", []))) == (1, shown)


@pytest.mark.parametrize(
    "words",
    [
        {"count": "vài"},
        {"startIndex": "1.5"},
        {"sortBy": "khong.co"},
        {"cursor": "khong-phai-dau"},
        {"filter": "x" * 100_000},
    ],
)
def test_a_senseless_page_is_refused_as_scim_refuses(caller, words):
    answer = caller.get("/Users", **words)
    assert answer.status_code == 400
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "bay", "path": "title", "value": "x"},
        {"op": "replace", "path": "title[", "value": "x"},
        {"op": "replace", "path": 'emails[type eq "work"', "value": "x"},
        {"op": "replace", "path": "khongCo", "value": "x"},
        {"op": "replace", "path": "active", "value": "có lẽ"},
        {"op": "replace", "path": "title", "value": {"a": [{}] * 5}},
        {"op": "replace", "path": "title", "value": "a\x00b"},
        {"op": "replace", "path": "title", "value": "\ud800"},
        {"op": "replace", "path": "userName", "value": "x" * 100_000},
        {"op": "remove"},
        {"op": "replace", "path": "id", "value": "khac"},
        {"op": "replace", "path": "(" * 3_000, "value": "x"},
    ],
)
def test_a_senseless_change_changes_nothing(caller, person, operation):
    path = f"/Users/{person['id']}"
    before = caller.get(path).json()
    answer = caller.send("PATCH", path, patch(operation))
    assert answer.status_code == 400, answer.content
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert caller.get(path).json() == before


@pytest.mark.parametrize("path", ["/Users/", "/Users.scim", "/Me", "/users", "/Users/a/b", "/%00"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "TRACE"])
def test_an_odd_address_is_answered_without_breaking(caller, path, method):
    assert caller.send(method, path).status_code in {200, 400, 404, 405, 501}
