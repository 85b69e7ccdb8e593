"""Whatever fits the description, and whatever does not, is answered as the description says."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.db import transaction
from django.test.client import ClientHandler
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from tests.rest.conftest import ROOT, Caller, signed_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.hypothesis,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.usefixtures("working_morning"),
]
# Of each operation; `./cuaso soak` asks a hundred.
MOST_EXAMPLES = min(int(os.environ.get("CUASO_SOAK_EXAMPLES", "15")), 100)
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
Operation = Any


def house() -> Callable[..., Any]:
    """Return the house as a WSGI application that stays in the test's transaction."""
    handler = ClientHandler(enforce_csrf_checks=True)

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        response = handler(environ)
        start(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return list(response)

    return application


@pytest.fixture
def operations(guest) -> list[Operation]:
    """Return every operation, and whether it asks for a session.

    The session itself is not described here: these tests always send it whole.
    """
    description = guest.get("/openapi.json").json()
    for item in description["paths"].values():
        for one in item.values():
            one["x-signed-in"] = bool(one.pop("security", None))
    schema = schemathesis.openapi.from_dict(description)
    schema.app = house()
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


@pytest.fixture
def known(mother, dossier_id) -> dict[str, list[str]]:
    """Return real ids by the beginning of an address: half of all requests should meet a thing."""
    begun = mother.post("/drafts", {"procedure_code": "1.001193"}).json()
    view = mother.upload(f"/drafts/{begun['id']}/papers", component="birth_notice").json()
    upload = mother.post(
        "/uploads", {"name": "a.pdf", "media_type": "application/pdf", "size": 9}
    ).json()
    (paper,) = mother.get(f"/dossiers/{dossier_id}").json()["papers"]
    return {
        f"{ROOT}/drafts/{{id}}": [begun["id"]],
        f"{ROOT}/dossiers/{{id}}": [dossier_id],
        f"{ROOT}/uploads/{{id}}": [upload["id"]],
        f"{ROOT}/files/{{id}}": [view["papers"][0]["file_id"]],
        f"{ROOT}/procedures/{{code}}": ["1.001193"],
        "paper_id": [paper["id"], view["papers"][0]["id"]],
    }


def tokens(caller: Caller) -> tuple[dict[str, str], dict[str, str]]:
    """Return the cookies and headers with which a browser's session writes."""
    token = caller.get("/me").json()["csrf_token"]
    cookies = {name: morsel.value for name, morsel in caller.client.cookies.items()}
    return {**cookies, settings.CSRF_COOKIE_NAME: token}, {"X-CSRFToken": token}


def cases(operation: Operation) -> Any:
    """Return what fits the description of an operation, and what does not."""
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not operation.body:
        return fitting
    return some.one_of(fitting, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))


def meet(case: Any, known: dict[str, list[str]], choose: Callable[[list[str]], str]) -> None:
    """Lead a request to a thing that exists, whatever its version."""
    if "If-Match" in case.headers:
        case.headers["If-Match"] = "*"
    for name in case.path_parameters:
        for beginning, ids in known.items():
            if name == beginning or (
                case.operation.path.startswith(beginning) and f"{{{name}}}" in beginning
            ):
                case.path_parameters[name] = choose(ids)


def fuzz(
    operation: Operation, known: dict[str, list[str]], *, most: int, caller: Caller | None
) -> None:
    cookies, headers = tokens(caller) if caller else ({}, {})

    @hypothesis_settings(max_examples=most, suppress_health_check=list(HealthCheck))
    @given(case=cases(operation), data=some.data())
    def ask(case: Any, data: some.DataObject) -> None:
        if case.path_parameters and data.draw(some.booleans()):
            meet(case, known, lambda ids: data.draw(some.sampled_from(ids)))
        with undone():
            case.call_and_validate(checks=CHECKS, cookies=cookies, headers=headers)

    ask()


@contextmanager
def undone() -> Iterator[None]:
    """Take back what one request changed: every example meets the same house."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def secured(operations: list[Operation]) -> Iterator[Operation]:
    return (one for one in operations if one.definition.raw["x-signed-in"])


def test_a_guest_sends_anything_to_what_is_public(operations, known):
    private = list(secured(operations))
    public = [one for one in operations if one not in private]
    assert len(public) > 10
    for operation in public:
        fuzz(operation, known, most=MOST_EXAMPLES, caller=None)
    for operation in private:
        fuzz(operation, known, most=1, caller=None)


def test_a_citizen_sends_anything(operations, known, mother):
    for operation in secured(operations):
        fuzz(operation, known, most=MOST_EXAMPLES, caller=mother)


@pytest.mark.parametrize("role", ["reception", "handler"])
def test_an_official_sends_anything(operations, known, official, role):
    for operation in secured(operations):
        fuzz(operation, known, most=MOST_EXAMPLES, caller=signed_in(official(role)))
