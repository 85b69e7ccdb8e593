"""The description is valid, its examples fit it, and its page needs nobody else."""

import re

import jsonschema_rs
import pytest
import schemathesis

from cuaso.channels.rest.api import api
from cuaso.channels.rest.routes.acts import ROUTES
from cuaso.services.procedures import api as procedures

pytestmark = pytest.mark.django_db
COMPONENTS = "#/components/schemas/"


@pytest.fixture
def description(guest):
    return guest.get("/openapi.json").json()


def test_the_description_is_valid_openapi_3_1(description):
    assert description["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(description).validate()


def test_every_act_has_an_address(description):
    acts = {path.rsplit("/", 1)[-1] for path in description["paths"] if "dossiers/{id}/" in path}
    assert acts >= {
        "receive",
        "ask-supplement",
        "refuse",
        "claim",
        "assign",
        "consult",
        "answer",
        "propose",
        "approve",
        "return",
        "seal",
        "deliver",
        "opinion",
        "supplement",
        "confirm",
        "withdraw",
    }


def test_every_act_of_an_official_is_the_same_at_the_api():
    assert sorted(route.act for route in ROUTES) == sorted(procedures.ACTS)


@pytest.mark.parametrize("route", ROUTES, ids=lambda one: one.act)
def test_what_is_sent_for_an_act_is_what_the_act_asks_for(route):
    fields = route.body.model_fields if route.body else {}
    assert set(fields) == set(procedures.ACTS[route.act].asks)


def test_operations_have_names_of_their_own_and_vietnamese_words(description):
    operations = [one for item in description["paths"].values() for one in item.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))
    assert all(one["summary"] and one["tags"] for one in operations)


def test_every_operation_says_how_it_refuses(description):
    for item in description["paths"].values():
        for operation in item.values():
            said = operation["responses"]["4XX"]["content"]["application/problem+json"]
            assert said["schema"]["$ref"] == COMPONENTS + "Problem"


def test_everything_that_is_sent_has_an_example_that_fits(description):
    sent = {
        body["$ref"].removeprefix(COMPONENTS)
        for item in description["paths"].values()
        for operation in item.values()
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
        if kind == "application/json" and (body := content["schema"])
    }
    for name in {*sent, "Problem"}:
        schema = description["components"]["schemas"][name]
        (example,) = schema["examples"]
        whole = {"$ref": COMPONENTS + name, "components": description["components"]}
        jsonschema_rs.Draft202012Validator(whole).validate(example)


def test_writing_asks_for_the_token_and_reading_does_not(description):
    assert description["paths"]["/api/v1/drafts"]["post"]["security"] == [
        {"Session": [], "CsrfToken": []}
    ]
    assert description["paths"]["/api/v1/drafts"]["get"]["security"] == [{"Session": []}]
    assert "security" not in description["paths"]["/api/v1/tracking"]["post"]


def test_the_page_shows_every_operation_and_asks_no_other_host(guest, description):
    page = guest.get("/docs")
    text = page.content.decode()
    assert page.status_code == 200
    for item in description["paths"].values():
        for operation in item.values():
            assert f'id="{operation["operationId"]}"' in text
    sources = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert [one for one in sources if one.startswith(("http:", "https:", "//"))] == []
    assert "style=" not in text


def test_no_route_answers_with_a_pair(description):
    """Ninja reads a tuple of two as (status, body)."""
    del description
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                given = str(operation.view_func.__annotations__["return"])
                assert not given.startswith("tuple"), operation.view_func
