"""Programs that use a registry: add, list, read, change, compare, undo, and read how it is made."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis

import cuaso.capabilities.registries.tests as near
from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.models import Answer, Change
from cuaso.declarations import packs
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import system
from tests.rest.conftest import Caller, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
HARBOUR = Path(near.__file__ or "").parent / "harbour"
SO = "/so/harbour/vessel"
VESSEL: dict[str, Any] = {
    "number": "BĐ-00001-TS",
    "name": "Hải Âu",
    "owner": {
        "full_name": "Võ Thị Hạ Lam",
        "personal_number": "052192000001",
        "birth_date": "1992-02-10",
    },
    "length": "14.5",
    "gear": "vay",
    "commune": "21583",
    "crew": [{"full_name": "Lê Văn Tám", "job": "Máy trưởng"}],
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
INSTALLER = system("Cài đặt")


@pytest.fixture
def harbour(db) -> packs.Pack:
    """Return a small pack of one registry, published in this house."""
    dictionary.install_folder(HARBOUR / "codes")
    pack = packs.load(HARBOUR)
    registries.install("harbour", dict(pack.registries), actor=INSTALLER)
    return pack


@pytest.fixture
def commune(harbour, officer) -> Caller:
    return officer("handler")


@pytest.fixture
def elsewhere(harbour, officer) -> Caller:
    return officer("handler", "21952")


@pytest.fixture
def auditor(harbour) -> Caller:
    """Return an inspector of the province: every look of theirs owes a purpose."""
    agency = directory.agency_by_key("thanh-tra-tinh-gia-lai")
    (holder,) = directory.holders_below(agency.id, "auditor")
    return signed_in(directory.actor_for_post(holder.post.id))


def added(caller: Caller, number: int = 1, **more: object) -> dict[str, Any]:
    values = {**VESSEL, "number": f"BĐ-{number:05}-TS", **more}
    response = caller.post(SO, {"values": values, "reason": "Đăng ký mới"})
    assert response.status_code == 201, response.content.decode()
    answered: dict[str, Any] = response.json()
    return answered


def refusal(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = response.json()
    return said


def test_a_program_adds_a_vessel_reads_it_back_and_sends_back_what_it_read(commune):
    made = commune.post(SO, {"values": VESSEL, "reason": "Đăng ký mới"})
    assert made.status_code == 201, made.content.decode()
    record = made.json()
    assert made["ETag"] == '"1"'
    assert made["Location"] == f"/api/v1{SO}/{record['id']}"
    assert {name: record["values"][name] for name in VESSEL} == VESSEL
    assert (record["values"]["status"], record["values"]["built_on"]) == ("moi", None)
    assert (record["version"], record["masked"]) == (1, [])

    seen = commune.get(f"{SO}/{record['id']}")
    assert seen.json() == record
    known = commune.send("GET", f"{SO}/{record['id']}", If_None_Match='"1"')
    assert (known.status_code, known.content) == (304, b"")

    same = commune.send("PUT", f"{SO}/{record['id']}", {"values": record["values"]}, If_Match='"1"')
    assert (same.status_code, same["ETag"]) == (200, '"1"')
    thin = commune.get(f"{SO}/{record['id']}", fields="number,owner.full_name").json()["values"]
    assert thin == {"number": "BĐ-00001-TS", "owner": {"full_name": "Võ Thị Hạ Lam"}}
    (line,) = commune.get(f"{SO}/{record['id']}/history").json()
    assert (line["act"], line["origin"], line["reason"]) == ("added", "api", "Đăng ký mới")


def test_a_program_sends_a_wrong_vessel_and_reads_every_mistake(commune):
    wrong = {**VESSEL, "number": "12", "length": "25", "gear": "keo", "sails": 3}
    said = refusal(commune.post(SO, {"values": wrong}), 422)
    assert {one["field"] for one in said["problems"]} == {"number", "gear", "vms", "sails"}
    assert Change.objects.filter(registry__key="harbour/vessel").count() == 0


def test_a_program_changes_a_vessel_and_one_who_saw_an_older_version_compares_both(commune):
    id = added(commune)["id"]
    one = commune.send("PATCH", f"{SO}/{id}", {"values": {"name": "Biển Xanh"}}, If_Match='"1"')
    assert (one.status_code, one["ETag"]) == (200, '"2"')
    assert one.json()["values"]["crew"] == VESSEL["crew"]

    late = {"values": {"name": "Đại Dương"}}
    said = refusal(commune.send("PATCH", f"{SO}/{id}", late, If_Match='"1"'), 412)
    assert said["code"] == "registries.changed_meanwhile"
    assert said["data"]["seen_version"]["name"] == "Hải Âu"
    assert said["data"]["present_version"]["name"] == "Biển Xanh"
    assert refusal(commune.send("PATCH", f"{SO}/{id}", late), 428)["code"] == "rest.version_missing"
    assert commune.get(f"{SO}/{id}").json()["values"]["name"] == "Biển Xanh"

    alone = commune.send("PATCH", f"{SO}/{id}", {"values": {"crew": []}}, If_Match='"2"').json()
    assert (alone["values"]["name"], alone["values"]["crew"]) == ("Biển Xanh", [])

    bare = {name: VESSEL[name] for name in ("number", "owner", "length", "gear", "commune")}
    whole = commune.send("PUT", f"{SO}/{id}", {"values": bare}, If_Match='"3"').json()
    assert (whole["values"]["name"], whole["values"]["crew"]) == (None, [])
    assert whole["values"]["status"] == "moi"
    emptied = commune.send("PATCH", f"{SO}/{id}", {"values": {"owner": None}}, If_Match="*")
    assert refusal(emptied, 422)["code"] == "registries.invalid"


def test_a_program_lists_by_conditions_words_order_and_cursor(commune):
    for number, length, gear in ((1, "14.5", "vay"), (2, "9", "cau"), (3, "12.25", "vay")):
        added(commune, number, length=length, gear=gear)

    def numbers(**query: Any) -> list[str]:
        response = commune.client.get("/api/v1" + SO, query)
        assert response.status_code == 200, response.content.decode()
        return [row["name"][:8] for row in response.json()["records"]]

    assert numbers() == ["BĐ-00001", "BĐ-00002", "BĐ-00003"]
    assert numbers(sort="-length") == ["BĐ-00001", "BĐ-00003", "BĐ-00002"]
    assert numbers(where=["gear:any:vay,keo", "length:from:12.25"]) == ["BĐ-00001", "BĐ-00003"]
    assert numbers(where="length:to:9") == ["BĐ-00002"]
    assert numbers(where="gear:not:vay") == ["BĐ-00002"]
    assert numbers(where="number:begins:BĐ-00003") == ["BĐ-00003"]
    assert numbers(where="vms:filled") == []
    assert len(numbers(where="vms:blank")) == 3
    assert numbers(words="vo thi 00002") == ["BĐ-00002"]
    assert numbers(as_of="2020-01-01T00:00:00+07:00") == []

    first = commune.get(SO, limit="2", fields="number,owner", count="true").json()
    assert (len(first["records"]), first["count"]) == (2, 3)
    assert first["records"][0]["values"]["owner"]["birth_date"] == "1992-02-10"
    rest = commune.get(SO, limit="2", cursor=first["next"]).json()
    assert ([row["name"][:8] for row in rest["records"]], rest["next"]) == (["BĐ-00003"], "")
    assert commune.get(SO + "/count", where="gear:is:vay").json() == {"count": 2, "exact": True}


@pytest.mark.parametrize(
    "query",
    [
        {"where": "anchor:is:1"},
        {"where": "length:begins:1"},
        {"where": "length:from:NaN"},
        {"where": "length:from:1e999"},
        {"where": "gear:is"},
        {"where": "gear:like:vay"},
        {"sort": "anchor"},
        {"fields": "anchor"},
        {"cursor": "WyJcdTAwMDAiLCAiMSJd"},
        {"cursor": "x"},
        {"words": "\0"},
        {"list": "anchor"},
        {"limit": "0"},
    ],
)
def test_a_program_asks_what_a_list_cannot_be_asked(commune, query):
    response = commune.client.get("/api/v1" + SO, query)
    assert response.status_code in (400, 422), response.content.decode()
    assert response["Content-Type"] == "application/problem+json"


def test_a_program_repeats_a_request_under_one_key_and_it_is_done_once(commune):
    body = {"values": VESSEL, "reason": "Đăng ký mới"}
    first = commune.post(SO, body, Idempotency_Key="k-1")
    again = commune.post(SO, body, Idempotency_Key="k-1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert (first.has_header("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (
        False,
        "true",
    )
    other = {"values": {**VESSEL, "number": "BĐ-00002-TS"}}
    assert refusal(commune.post(SO, other, Idempotency_Key="k-1"), 422)["code"] == (
        "registries.key_used"
    )
    assert refusal(commune.post(SO, body, Idempotency_Key="k-2"), 409)["code"] == (
        "registries.key_exists"
    )
    assert Answer.objects.count() == 1
    assert commune.get(SO + "/count").json()["count"] == 1


def test_a_program_sends_many_and_what_is_wrong_keeps_nothing_else_out(commune):
    records = [
        {**VESSEL, "number": "BĐ-00001-TS"},
        {**VESSEL, "number": "12"},
        {**VESSEL, "number": "BĐ-00001-TS"},
        {**VESSEL, "number": "BĐ-00002-TS"},
    ]
    done = commune.post(SO + "/bulk", {"records": records, "reason": "Chuyển dữ liệu"}).json()
    assert [one["outcome"] for one in done["records"]] == ["added", "refused", "refused", "added"]
    assert done["records"][1]["problems"] == [
        {"field": "number", "say": "Hãy viết theo mẫu BĐ-12345-TS."}
    ]
    assert done["records"][2]["code"] == "registries.key_exists"

    ids = [one["id"] for one in done["records"] if one["id"]]
    body = {"ids": ids, "values": {"name": "Biển Xanh"}, "reason": "Đổi tên"}
    changed = commune.send("PATCH", SO + "/bulk", body).json()
    assert [one["outcome"] for one in changed["records"]] == ["changed", "changed"]
    undone = commune.post(f"{SO}/changes/{changed['change_id']}/undo", {"reason": "Nhầm"}).json()
    assert (undone["back"], undone["kept"]) == (2, 0)
    assert commune.get(f"{SO}/{ids[0]}").json()["values"]["name"] == "Hải Âu"
    none = commune.post(SO + "/bulk", {"records": [records[1]]}).json()
    assert (none["added"], none["change_id"]) == (0, None)


def test_a_program_sends_many_at_once_and_may_ask_for_all_or_none(commune):
    records = [{**VESSEL, "number": f"BĐ-{number:05}-TS"} for number in range(1, 13)]
    wrong = [*records[:10], {**records[10], "length": "3"}, records[0]]
    body = {"records": wrong, "reason": "Chuyển dữ liệu", "partly": False}
    none = commune.post(SO + "/bulk", body, Idempotency_Key="n-1").json()
    assert [one["outcome"] for one in none["records"]] == ["held"] * 10 + ["refused"] * 2
    assert (none["added"], none["change_id"]) == (0, None)
    assert none["records"][10]["problems"] == [
        {"field": "length", "say": "Chiều dài lớn nhất phải từ 6 trở lên."}
    ]
    doubled = [*records[:11], records[0]]
    none = commune.post(SO + "/bulk", {"records": doubled, "partly": False}).json()
    assert [one["outcome"] for one in none["records"]] == ["held"] * 11 + ["refused"]
    assert none["records"][11]["code"] == "registries.key_exists"
    assert commune.get(SO + "/count").json()["count"] == 0

    done = commune.post(SO + "/bulk", {"records": doubled}, Idempotency_Key="n-2").json()
    again = commune.post(SO + "/bulk", {"records": doubled}, Idempotency_Key="n-2").json()
    assert again == done
    assert [one["outcome"] for one in done["records"]] == ["added"] * 11 + ["refused"]
    assert commune.get(SO + "/count").json()["count"] == 11
    one = commune.get(f"{SO}/{done['records'][4]['id']}").json()
    assert (one["values"]["number"], one["values"]["status"]) == ("BĐ-00005-TS", "moi")


def test_a_program_removes_a_vessel_brings_it_back_and_moves_it(commune, officer):
    id = added(commune)["id"]
    place = f"{SO}/{id}"
    assert refusal(commune.send("DELETE", place + "?reason=Sai", If_Match='"1"'), 403)["code"] == (
        "registries.not_allowed"
    )
    leader = officer("leader")
    values = {"values": {"name": "Hải Yến"}}
    unasked = leader.post(place + "/moves/register", values, If_Match='"1"')
    assert [one["field"] for one in refusal(unasked, 422)["problems"]] == ["name"]
    moved = leader.post(place + "/moves/register", {}, If_Match='"1"').json()
    assert (moved["values"]["status"], moved["revision"]) == ("dang_ky", 2)
    again = leader.post(place + "/moves/register", {}, If_Match='"2"')
    assert refusal(again, 409)["code"] == "registries.move_from_elsewhere"
    unsaid = commune.post(place + "/moves/strike", {}, If_Match='"2"')
    assert unsaid.status_code == 422


def test_a_stranger_sees_nothing_and_a_guest_is_asked_to_sign_in(commune, elsewhere, mother, guest):
    id = added(commune)["id"]
    assert elsewhere.get(SO).json()["records"] == []
    assert refusal(elsewhere.get(f"{SO}/{id}"), 404)["code"] == "registries.no_record"
    for caller, status in ((guest, 401), (mother, 404)):
        assert caller.get(SO).status_code == status
        assert caller.get(SO + "/openapi.json").status_code == status
        assert caller.get(f"{SO}/{id}").status_code in (401, 404)
    assert refusal(mother.post(SO, {"values": VESSEL}), 403)["code"] == "registries.not_allowed"


def test_an_auditor_says_why_before_a_list_is_shown_and_reads_no_masked_number(commune, auditor):
    added(commune)
    assert refusal(auditor.get(SO), 422)["code"] == "registries.purpose_missing"
    why = "Thanh tra việc đăng ký tàu cá"
    (row,) = auditor.get(SO, purpose=why, fields="owner").json()["records"]
    assert row["values"]["owner"]["personal_number"] is None
    assert row["masked"] == ["owner"]
    assert refusal(auditor.get(f"{SO}/{row['id']}"), 422)["code"] == "registries.purpose_missing"
    seen = auditor.get(f"{SO}/{row['id']}", purpose=why).json()
    assert seen["masked"] == ["owner.personal_number"]
    entry = Change.objects.count()
    number = "owner.personal_number:is:052192000001"
    hidden = refusal(auditor.get(SO, purpose=why, where=number), 422)
    assert hidden["code"] == "registries.bad_filter"
    assert Change.objects.count() == entry


@pytest.mark.parametrize(
    "values",
    [
        {"number": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 1}}}}}}}}},
        {"crew": [{}] * 30_000},
        {"number": "BĐ\0"},
        {"length": 1e300},
        {"crew": {"0": [1, [2]]}},
        {"owner": "x"},
        {"gear": ["vay", None]},
        {"record": {"number": "1"}},
        {"": ""},
    ],
    ids=lambda one: next(iter(one)) or "nameless",
)
def test_a_program_sends_nonsense_and_is_refused_in_words(commune, values):
    response = commune.post(SO, {"values": values})
    assert response.status_code in (400, 422), response.content.decode()[:500]
    deep = commune.client.generic(
        "POST", "/api/v1" + SO, data="[" * 100_000, content_type="application/json"
    )
    assert deep.status_code == 400
    assert Change.objects.filter(registry__key="harbour/vessel").count() == 0


def older_and_newer(pack: packs.Pack) -> None:
    """Publish a second version: without the name, with a home port, and gear masked."""
    first = pack.registries["vessel"].dump()
    fields = {name: one for name, one in first["fields"].items() if name != "name"}
    fields["port"] = {"title": "Cảng", "required": False}
    lists = {
        name: {**one, "columns": [c for c in one["columns"] if c != "name"], "sort": ["number"]}
        for name, one in first["lists"].items()
    }
    masks = {**first["masks"], "gear": {"show": "nothing", "roles": ["leader"]}}
    kind = type(pack.registries["vessel"])
    search = ["number", "owner.full_name"]
    newer = kind.load({**first, "fields": fields, "lists": lists, "masks": masks, "search": search})
    registries.install("harbour", {"vessel": newer}, actor=INSTALLER)


def test_a_program_of_an_older_version_goes_on_under_the_rights_of_today(harbour, commune):
    id = added(commune)["id"]
    older_and_newer(harbour)
    now = commune.get(f"{SO}/{id}").json()
    assert now["version"] == 2
    assert "name" not in now["values"]
    assert now["masked"] == ["gear"]

    old = commune.get(f"{SO}/{id}", version="1").json()
    assert (old["version"], old["values"]["name"]) == (1, "Hải Âu")
    assert (old["values"]["gear"], old["masked"]) == (None, ["gear"])
    body = {"values": {"name": "Biển Xanh"}}
    changed = commune.send("PATCH", f"{SO}/{id}?version=1", body, If_Match='"1"').json()
    assert (changed["revision"], changed["values"]["name"]) == (2, "Biển Xanh")
    more = {**VESSEL, "number": "BĐ-00002-TS"}
    assert commune.post(SO + "?version=1", {"values": more}).status_code == 201
    assert refusal(commune.post(SO, {"values": more}), 422)["code"] == "registries.invalid"
    listed = commune.get(SO, version="1", fields="number,name").json()["records"]
    assert [one["values"]["name"] for one in listed] == ["Biển Xanh", "Hải Âu"]
    assert commune.get(SO, version="3").status_code == 404
    hidden = refusal(commune.get(SO, version="1", where="gear:is:vay"), 422)
    assert hidden["code"] == "registries.bad_filter"
    states = [one["state"] for one in commune.get(SO + "/versions").json()]
    assert states == ["published", "retired"]


def test_a_program_reads_how_a_registry_is_made(commune):
    schema = commune.get(SO + "/schema").json()
    check = jsonschema_rs.Draft202012Validator(schema)
    assert check.is_valid(VESSEL)
    assert not check.is_valid({**VESSEL, "gear": "chai"})
    assert not check.is_valid({**VESSEL, "sails": 3})
    assert set(schema["properties"]["gear"]["enum"]) == {"vay", "cau", "keo"}

    described = commune.get(SO + "/openapi.json").json()
    schemathesis.openapi.from_dict(described).validate()
    cards = commune.get("/so").json()
    assert "harbour/vessel" in {one["key"] for one in cards}
    # Every registry of the province at once: one that is described wrongly is found here.
    whole = commune.get("/so/openapi.json").json()
    assert len(whole["paths"]) > 4 * len(cards)
    jsonschema_rs.meta.validate({"$schema": DIALECT, "$defs": whole["components"]["schemas"]})


def test_a_program_reads_how_all_registries_are_made_again_and_nothing_is_made_anew(
    commune, elsewhere, django_assert_max_num_queries
):
    first = commune.get("/so/openapi.json")
    with django_assert_max_num_queries(4):
        again = commune.get("/so/openapi.json")
    assert again.json() == first.json()
    assert elsewhere.get("/so/openapi.json").status_code == 200
