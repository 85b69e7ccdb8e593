"""A program that speaks GovStack's Digital Registries API walks every operation, in both spellings.

The shapes below are what the published description 1.3.0 requires of answers, in our words.
"""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import jsonschema_rs
import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.models import Version
from tests.rest.conftest import Caller
from tests.rest.test_registries import INSTALLER, VESSEL, harbour, refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
__all__ = ["harbour"]
DATA = "/govstack/data/harbour.vessel/1.0"
CLIENT = "eGovStack/GOV/90000009/digitalregistries"
TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
RECORD = {"type": "object", "properties": {"ID": TEXT}, "required": ["ID"]}


def shape(required: dict[str, Any], /, **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
    }


ONE = shape({"content": RECORD})
LIST = shape({"count": WHOLE, "results": {"type": "array", "items": RECORD}}, next=TEXT)
EXISTS = shape({"answer": shape({"status": {"type": "boolean"}, "message": TEXT})})
USAGE = {
    "type": "array",
    "items": shape(
        {
            "ID": TEXT,
            "ReaderID": TEXT,
            "ReaderInitials": TEXT,
            "ReaderInstitutionID": TEXT,
            "ReaderInstitutionName": TEXT,
            "ReaderApplicationName": TEXT,
            "SearchDateTime": {"type": "string", "format": "date-time"},
            "Refrences": {"type": "array", "items": shape({"ReferenceID": TEXT})},
        }
    ),
}
SCHEMA = shape(
    {"type": {"const": "object"}, "properties": {"type": "object"}},
    required={"type": "array", "items": TEXT},
)
DATABASE = shape(
    {"id": WHOLE, "version": TEXT, "name": TEXT, "schema": SCHEMA},
    institution=TEXT,
    is_draft={"type": "boolean"},
    modified_at=TEXT,
)
DATABASES = shape({"id": WHOLE, "databases": {"type": "array", "items": DATABASE}})


def said(response: Any, fits: dict[str, Any], status: int = 200) -> Any:
    """Return a body after holding it against what the published description asks for."""
    assert response.status_code == status, response.content.decode()
    body = response.json()
    jsonschema_rs.Draft202012Validator(fits).validate(body)
    return body


def send(caller: Caller, method: str, path: str, body: object = None) -> Any:
    return caller.send(method, path, body, Information_Mediator_Client=CLIENT)


@pytest.fixture
def commune(harbour, officer) -> Caller:
    return officer("handler")


def vessel(number: int, **more: object) -> dict[str, Any]:
    return {**VESSEL, "number": f"BĐ-{number:05}-TS", **more}


def write(number: int, **more: object) -> dict[str, Any]:
    return {"write": {"content": vessel(number, **more)}}


def seek(**content: object) -> dict[str, Any]:
    return {"query": {"content": content}}


def test_a_program_adds_seeks_and_reads_records(commune):
    made = said(send(commune, "POST", f"{DATA}/create", write(1)), ONE)["content"]
    assert {name: made[name] for name in VESSEL} == vessel(1)
    send(commune, "POST", f"{DATA}/create", write(2, gear="cau"))

    there = seek(number="BĐ-00001-TS", owner={"full_name": "Võ Thị Hạ Lam"})
    assert said(send(commune, "POST", f"{DATA}/exists", there), EXISTS)["answer"]["status"] is True
    absent = said(send(commune, "POST", f"{DATA}/exists", seek(number="BĐ-9")), EXISTS)
    assert absent["answer"]["status"] is False
    assert said(send(commune, "POST", f"{DATA}/read", there), ONE)["content"] == made
    by_id = said(send(commune, "POST", f"{DATA}/read", seek(ID=made["ID"])), ONE)
    assert by_id["content"] == made
    assert refusal(send(commune, "POST", f"{DATA}/read", seek(number="BĐ-9")), 404)
    assert refusal(send(commune, "POST", f"{DATA}/read", seek()), 422)["code"] == (
        "govstack.empty_search"
    )

    first = said(send(commune, "GET", f"{DATA}?page_size=1"), LIST)
    assert (first["count"], len(first["results"])) == (2, 1)
    behind = send(commune, "GET", first["next"].partition("/api/v1")[2])
    assert [one["number"] for one in said(behind, LIST)["results"]] == ["BĐ-00002-TS"]
    for query in ("query.gear=cau", "search=00002", "filter=number&search=BĐ-00002", "page=1"):
        found = said(send(commune, "GET", f"{DATA}?{query}"), LIST)["results"]
        assert found[-1]["number"] == "BĐ-00002-TS", query
    down = said(send(commune, "GET", f"{DATA}?filter=number&ordering=descending"), LIST)
    assert [one["number"] for one in down["results"]] == ["BĐ-00002-TS", "BĐ-00001-TS"]


def test_a_program_seeks_a_record_by_its_id_and_by_what_others_hold_as_well(commune):
    send(commune, "POST", f"{DATA}/create", write(1))
    second = said(send(commune, "POST", f"{DATA}/create", write(2)), ONE)["content"]
    there = seek(ID=second["ID"], gear=second["gear"], commune="21583")
    assert said(send(commune, "POST", f"{DATA}/exists", there), EXISTS)["answer"]["status"] is True
    assert said(send(commune, "POST", f"{DATA}/read", there), ONE)["content"] == second
    change = {**there, "write": {"content": {"name": "Biển Xanh"}}}
    assert send(commune, "PUT", f"{DATA}/update", change).status_code == 200
    assert said(send(commune, "POST", f"{DATA}/read", there), ONE)["content"]["name"] == "Biển Xanh"
    other = seek(ID=second["ID"], gear="cau")
    absent = said(send(commune, "POST", f"{DATA}/exists", other), EXISTS)
    assert absent["answer"]["status"] is False
    assert refusal(send(commune, "POST", f"{DATA}/read", other), 404)


def test_a_program_changes_records_in_both_spellings(commune):
    made = said(send(commune, "POST", f"{DATA}/create", write(1)), ONE)["content"]
    send(commune, "POST", f"{DATA}/create", write(2))
    there = seek(number="BĐ-00001-TS")
    changed = {**there, "write": {"content": {"name": "Biển Xanh"}}}
    assert send(commune, "PUT", f"{DATA}/update", changed).status_code == 200
    both = {**seek(commune="21583"), "write": {"content": {"name": "Đại Dương"}}}
    assert refusal(send(commune, "PUT", f"{DATA}/update", both), 409)["code"] == "govstack.several"
    for spelt, name in (("update-entries", "Đại Dương"), ("updateEntries", "Sao Biển")):
        both["write"]["content"]["name"] = name
        assert send(commune, "PUT", f"{DATA}/{spelt}", both).json()["changed"] == 2
    for number, spelt in enumerate(("update-or-create", "updateOrCreate"), 3):
        body = {**seek(number=f"BĐ-{number:05}-TS"), **write(number)}
        new = said(send(commune, "POST", f"{DATA}/{spelt}", body), ONE)["content"]
        body["write"]["content"]["name"] = "Cánh Buồm"
        old = said(send(commune, "POST", f"{DATA}/{spelt}", body), ONE)["content"]
        assert (old["ID"], old["name"]) == (new["ID"], "Cánh Buồm")
    for spelt in ("read-value", "readValue"):
        value = send(commune, "GET", f"{DATA}/{made['ID']}/{spelt}/owner.full_name.json")
        assert value.json() == {"value": "Võ Thị Hạ Lam"}
        assert send(commune, "GET", f"{DATA}/{made['ID']}/{spelt}/sails.json").status_code == 404
    line = registries.history(registry="harbour/vessel", id=made["ID"], actor=INSTALLER)[0]
    assert (line.origin, line.origin_id, CLIENT in line.reason) == ("api", CLIENT, True)


def test_a_department_removes_a_record_and_a_person_sees_who_read_theirs(
    harbour, commune, mother, citizen, official
):
    number = "052196000122"
    owner = {**VESSEL["owner"], "personal_number": number}
    made = said(send(commune, "POST", f"{DATA}/create", write(1, owner=owner)), ONE)["content"]
    said(send(commune, "POST", f"{DATA}/read", seek(ID=made["ID"])), ONE)
    for spelt in ("MyPersonalDataUsage", "myPersonalDataUsage"):
        path = f"/govstack/data/{spelt}/1.0?userID={number}&DatabaseID=harbour.vessel"
        looks = said(send(mother, "GET", path), USAGE)
        assert looks[0]["Refrences"] == [{"ReferenceID": made["ID"]}]
        assert refusal(send(commune, "GET", path), 403)["code"] == "govstack.not_yourself"
    refused = send(commune, "DELETE", f"{DATA}/{made['ID']}/delete")
    assert refusal(refused, 403)["code"] == "registries.not_allowed"


def test_a_program_without_a_name_or_a_session_gets_nothing(commune, guest):
    assert refusal(commune.get(DATA), 422)["code"] == "rest.wrong_shape"
    assert send(guest, "GET", DATA).status_code == 401
    assert send(commune, "GET", "/govstack/data/harbour.vessel/111").status_code == 404
    assert send(commune, "GET", "/govstack/data/registryname/1").status_code == 404
    assert send(commune, "GET", "/govstack/database/1").status_code == 404


def test_a_leader_sets_a_registry_up_another_approves_it_and_it_is_taken_away(
    officer, official, harbour
):
    leader = officer("leader")
    body = {
        "group_name": "Hộ tịch",
        "catalog_name": "Mẹ và trẻ em",
        "code": "MCR",
        "schema": {
            "type": "object",
            "properties": {
                "ID": {"type": "string", "primaryKey": True},
                "RegistrationNumber": {"type": "string", "description": "Số đăng ký"},
                "RegisteredOn": {"type": "string", "format": "date"},
                "Weight": {"type": "number"},
            },
            "required": ["ID", "RegistrationNumber"],
        },
    }
    waiting = said(send(leader, "POST", "/govstack/database/modify", body), SCHEMA)
    assert waiting["x-state"] == "waiting"
    said(send(leader, "GET", "/govstack/databases"), DATABASES)
    other = replace(official("leader"), person_id=uuid4(), post_id=uuid4())
    version = Version.objects.get(registry__key="local/mcr")
    registries.approve_design(id=version.id, seen=version.fingerprint, actor=other)
    assert registries.publish_due(actor=INSTALLER) == 1

    all_ = said(send(leader, "GET", "/govstack/databases"), DATABASES)["databases"]
    (number,) = [one["id"] for one in all_ if one["name"] == "local.mcr"]
    one = said(send(leader, "GET", f"/govstack/database/{number}"), DATABASE)
    assert list(one["schema"]["properties"]) == [
        "ID",
        "registration_number",
        "registered_on",
        "weight",
    ]
    content = {"write": {"content": {"registration_number": "1", "weight": "3.125"}}}
    assert refusal(send(leader, "POST", "/govstack/data/local.mcr/1/create", content), 422)
    content["write"]["content"]["weight"] = "3.1"
    added = send(leader, "POST", "/govstack/data/local.mcr/1/create", content)
    id = said(added, ONE)["content"]["ID"]
    kept = "/govstack/data/local.mcr/1"
    assert [one["ID"] for one in said(send(leader, "GET", kept), LIST)["results"]] == [id]
    assert send(leader, "DELETE", f"/govstack/database/{number}").json() == "Success"
    assert send(leader, "GET", kept).status_code == 404
    # What a leader takes away rests in the bin with its records, and comes back whole.
    registries.bring_registry_back(registry="local/mcr", actor=official("leader"))
    assert [one["ID"] for one in said(send(leader, "GET", kept), LIST)["results"]] == [id]
    assert send(leader, "DELETE", f"/govstack/data/local.mcr/1/{id}/delete").status_code == 204

    wrong = {**body, "code": "X2", "schema": {"properties": {"A": {"type": "array"}, "1": {}}}}
    fields = refusal(send(leader, "POST", "/govstack/database/modify", wrong), 422)["problems"]
    assert [each["field"] for each in fields] == ["schema.properties.A", "schema.properties.1"]


def test_a_leader_takes_an_empty_registry_away(officer, official, harbour):
    leader = officer("leader")
    body = {
        "group_name": "Hộ tịch",
        "code": "Trống",
        "schema": {"properties": {"So": {"type": "string", "description": "Số sổ"}}},
    }
    said(send(leader, "POST", "/govstack/database/modify", body), shape({}))
    other = replace(official("leader"), person_id=uuid4(), post_id=uuid4())
    version = Version.objects.get(registry__key="local/trong")
    registries.approve_design(id=version.id, seen=version.fingerprint, actor=other)
    registries.publish_due(actor=INSTALLER)
    number = version.registry_id.int & 0xFFFF_FFFF_FFFF
    assert send(leader, "DELETE", f"/govstack/database/{number}").json() == "Success"
    assert send(leader, "GET", f"/govstack/database/{number}").status_code == 404
    assert send(leader, "GET", "/govstack/data/local.trong/1").status_code == 404
