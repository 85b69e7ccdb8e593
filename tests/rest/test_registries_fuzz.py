"""Whatever fits the description of a registry is answered as the description says."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from tests.rest.test_fuzz import house, tokens, undone
from tests.rest.test_registries import SO, added, harbour

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
__all__ = ["harbour"]
EXAMPLES = 10
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


def test_a_program_sends_a_registry_anything_that_its_description_allows_and_what_it_does_not(
    harbour, officer
):
    caller = officer("leader")
    record = added(officer("handler"))
    description = caller.get(SO + "/openapi.json").json()
    for item in description["paths"].values():
        for one in item.values():
            one.pop("security", None)
    schema = schemathesis.openapi.from_dict(description)
    schema.app = house()
    cookies, headers = tokens(caller)
    names = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        names.append(operation.definition.raw["operationId"].removeprefix("harbour.vessel."))
        fuzz(operation, record["id"], cookies=cookies, headers=headers)
    assert sorted(names) == [
        "add",
        "add_many",
        "amend",
        "amend_many",
        "board",
        "count",
        "export",
        "figure",
        "get",
        "list",
        "move",
        "remove",
        "replace",
    ]


def fuzz(operation: Any, id: str, *, cookies: dict[str, str], headers: dict[str, str]) -> None:
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    cases = some.one_of(fitting, wrong) if operation.body else fitting

    @hypothesis_settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(case=cases, known=some.booleans())
    def ask(case: Any, known: bool) -> None:
        if known and "id" in case.path_parameters:
            case.path_parameters["id"] = id
            if "If-Match" in case.headers:
                case.headers["If-Match"] = "*"
        with undone():
            case.call_and_validate(checks=CHECKS, cookies=cookies, headers=headers)

    ask()
