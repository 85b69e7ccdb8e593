"""Other systems ask what an official may do: Authorization API 1.0 (OpenID AuthZEN)."""

import base64
import json
from dataclasses import replace

import pytest
from django.test import Client

from cuaso.foundation.access.models import SystemRule
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.kernel.actors import system
from tests.support.answers import QUY_NHON
from tests.support.dossiers import submit_marital
from tests.support.registers import entered, holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
ADMINISTRATOR = replace(system("Quản trị viên thử"), roles=frozenset({"admin"}))
DOSSIERS = "procedures.dossiers"
ARCHIVE = "kho:tai-lieu"
RULE = {
    "name": "doc",
    "actions": ["view"],
    "say": "Chuyên viên đọc tài liệu lưu trữ của địa bàn mình.",
    "source": "Quy chế khai thác lưu trữ",
    "reach": "place",
    "roles": ["handler"],
    "data_classes": ["open"],
    "purposes": ["settle"],
}


class System:
    """A system with a token of its own."""

    def __init__(self, *scopes, client_id="kho"):
        draft = SystemDraft(
            name="Kho lưu trữ",
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
        self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def send(self, path, body, method="POST", **headers):
        return Client().generic(
            method,
            path,
            data=body if isinstance(body, str) else json.dumps(body),
            content_type="application/json",
            headers={**self.headers, **headers},
        )

    def ask(self, **body):
        answer = self.send("/access/v1/evaluation", body)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def ask_many(self, **body):
        answer = self.send("/access/v1/evaluations", body)
        assert answer.status_code == 200, answer.content
        return answer.json()["evaluations"]


@pytest.fixture
def archive(db):
    return System("access", "access.rules")


@pytest.fixture
def dossier(citizen):
    return submit_marital(citizen()).dossier_id


def who(actor):
    return {"type": "post", "id": str(actor.post_id)}


def what(id, kind=DOSSIERS, **said):
    return {"type": kind, "id": str(id), "properties": said}


VIEW = {"name": "view"}
ASKED_AS = "bfe9eb29ab874ca3be83a1d5d8305716"


def test_kt_f4_a_system_asks_whether_an_official_may_see_a_dossier(archive, dossier, official):
    yes = archive.ask(subject=who(official("reception")), action=VIEW, resource=what(dossier))
    assert yes == {
        "decision": True,
        "context": {
            "reason_user": {"vi": "Hồ sơ đang chờ vai trò của người này tại cơ quan của họ xử lý."},
            "rule": "dossier.task",
            "legal_basis": "Phân công việc theo quy trình đã ban hành của thủ tục",
        },
    }
    no = archive.ask(
        subject=who(holder("so-nong-nghiep-va-moi-truong-gia-lai", "handler")),
        action=VIEW,
        resource=what(dossier),
    )
    assert no["decision"] is False
    looking = archive.ask(
        subject=who(holder("thanh-tra-tinh-gia-lai", "auditor")),
        action=VIEW,
        resource=what(dossier),
    )
    assert looking["decision"] is True
    assert looking["context"]["obligations"] == ["record_purpose"]


def test_a_person_is_asked_about_with_all_their_posts(archive, dossier, official):
    person = official("reception").person_id
    asking = {"action": VIEW, "resource": what(dossier)}
    assert archive.ask(subject={"type": "person", "id": str(person)}, **asking)["decision"] is True
    nobody = {"type": "person", "id": "00000000-0000-0000-0000-000000000009"}
    assert archive.ask(subject=nobody, **asking)["decision"] is False
    past = archive.ask(
        subject={"type": "person", "id": str(person)}, context={"day": "2024-01-01"}, **asking
    )
    assert past["decision"] is False


def test_many_questions_are_answered_in_order_and_may_stop_early(archive, dossier, official):
    worker, stranger = who(official("reception")), who(official("clerk"))
    asked = {
        "action": VIEW,
        "resource": what(dossier),
        "evaluations": [
            {"subject": worker},
            {"subject": worker, "resource": what("khong-co")},
            {"subject": {"type": "robot", "id": "1"}},
            {"subject": worker, "action": {"name": "lead"}},
        ],
    }
    answers = archive.ask_many(**asked)
    assert [one["decision"] for one in answers] == [True, False, False, False]
    assert answers[2]["context"]["error"]["status"] == 400
    stopping = {"options": {"evaluations_semantic": "deny_on_first_deny"}}
    assert len(archive.ask_many(**asked, **stopping)) == 2
    stopping = {"options": {"evaluations_semantic": "permit_on_first_permit"}}
    assert len(archive.ask_many(**asked, **stopping)) == 1
    alone = archive.send(
        "/access/v1/evaluations",
        {"subject": stranger, "action": VIEW, "resource": what(dossier)},
    ).json()
    assert "evaluations" not in alone


def test_a_record_of_a_registry_is_asked_about_by_its_registrys_name(archive):
    fisheries = "chi-cuc-thuy-san-gia-lai"
    keeper, others = holder(fisheries, "handler"), holder(f"ubnd-{QUY_NHON}", "clerk")
    record = entered("agriculture/fishing_vessel", keeper, last_seen="")
    resource = what(record.id, "registries.agriculture/fishing_vessel")
    assert archive.ask(subject=who(keeper), action=VIEW, resource=resource)["decision"] is True
    change = {"name": "change"}
    assert archive.ask(subject=who(others), action=change, resource=resource)["decision"] is False
    missing = what("00000000-0000-0000-0000-000000000009", resource["type"])
    assert archive.ask(subject=who(keeper), action=VIEW, resource=missing)["decision"] is False


def test_kt_f4_a_systems_own_rules_decide_on_its_own_things(archive, official):
    told = archive.send(f"/access/v1/rules/{ARCHIVE}", {"rules": [RULE]}, method="PUT")
    assert (told.status_code, told.json()) == (200, {"kind": ARCHIVE, "rules": 1})
    paper = what("TL-1", ARCHIVE, place_code=QUY_NHON, data_class="open")
    asking = {"subject": who(official("handler")), "action": VIEW, "resource": paper}
    settle = {"purpose": "settle"}
    yes = archive.ask(**asking, context=settle)
    assert (yes["decision"], yes["context"]["legal_basis"]) == (True, "Quy chế khai thác lưu trữ")
    assert archive.ask(**asking, context={"purpose": "curiosity"})["decision"] is False
    secret = {**asking, "resource": what("TL-1", ARCHIVE, place_code=QUY_NHON, data_class="mật")}
    assert archive.ask(**secret, context=settle)["decision"] is False
    other = System("access", "access.rules", client_id="khac")
    refused = other.send(f"/access/v1/rules/{ARCHIVE}", {"rules": [RULE]}, method="PUT")
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (ARCHIVE, {"name": "x" * 81}),
        (ARCHIVE, {"name": "a\0b"}),
        (ARCHIVE, {"actions": ["x" * 41]}),
        (ARCHIVE, {"actions": ["a\0b"]}),
        (ARCHIVE, {"say": "Một câu\0."}),
        (ARCHIVE, {"source": "a\0b"}),
        (ARCHIVE, {"roles": ["x" * 21]}),
        (ARCHIVE, {"roles": ["a\0b"]}),
        (ARCHIVE, {"data_classes": ["x" * 41]}),
        (ARCHIVE, {"purposes": ["a\0b"]}),
        ("x" * 81, {}),
        ("a%00b", {}),
    ],
)
def test_a_systems_rule_that_cannot_be_kept_is_refused_and_the_old_ones_stay(archive, kind, rule):
    archive.send(f"/access/v1/rules/{ARCHIVE}", {"rules": [RULE]}, method="PUT")
    answer = archive.send(f"/access/v1/rules/{kind}", {"rules": [RULE | rule]}, method="PUT")
    assert answer.status_code in {400, 422}, answer.content
    assert answer.json()["problems"]
    assert [(row.kind, row.name) for row in SystemRule.objects.all()] == [(ARCHIVE, "doc")]


@pytest.mark.parametrize("context", [{"purpose": "a\0b"}, {"day": "0000-00-00"}])
def test_a_question_with_a_sign_that_no_column_holds_is_refused(archive, official, context):
    body = {"subject": who(official("handler")), "action": VIEW, "resource": what("1", ARCHIVE)}
    answer = archive.send("/access/v1/evaluation", body | {"context": context})
    assert answer.status_code == 400
    assert answer.json()["error"] == "authzen.unreadable"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ({}, 400),
        ({"subject": {"type": "post", "id": "x"}, "action": VIEW, "resource": what("1")}, 400),
        ({"subject": {"type": "post"}, "action": VIEW, "resource": what("1")}, 400),
        (json.dumps({"subject": "a" * 2_000_000}), 400),
    ],
)
def test_what_is_no_question_is_refused_with_what_to_mend(archive, body, status):
    answer = archive.send("/access/v1/evaluation", body, **{"X-Request-ID": ASKED_AS})
    assert (answer.status_code, answer["X-Request-ID"]) == (status, ASKED_AS)
    assert answer.json()["message"]


def test_nobody_asks_without_a_token_of_a_system_for_this(dossier, official):
    question = {"subject": who(official("reception")), "action": VIEW, "resource": what(dossier)}
    guest = Client().post("/access/v1/evaluation", question, content_type="application/json")
    assert (guest.status_code, guest["WWW-Authenticate"]) == (401, 'Bearer realm="access"')
    reader = System("scim", client_id="nhan-su")
    assert reader.send("/access/v1/evaluation", question).status_code == 403
    writer = System("access", client_id="chi-hoi")
    assert (
        writer.send(f"/access/v1/rules/{ARCHIVE}", {"rules": []}, method="PUT").status_code == 403
    )
    assert writer.send("/access/v1/evaluation", question, method="GET").status_code == 405


def test_the_decision_point_describes_itself():
    told = Client().get("/.well-known/authzen-configuration").json()
    assert told == {
        "policy_decision_point": "http://testserver",
        "access_evaluation_endpoint": "http://testserver/access/v1/evaluation",
        "access_evaluations_endpoint": "http://testserver/access/v1/evaluations",
    }
