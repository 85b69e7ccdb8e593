"""The literal tables name things that exist."""

import importlib.util

import pytest
from django.apps import apps
from django.db import connection
from django.utils.module_loading import import_string

from cuaso.wiring import engines
from cuaso.wiring.cli.verbs import VERBS
from cuaso.wiring.processes import PROCESSES, events, of_mode
from cuaso.wiring.running_house import PORT_STEP

CALLS = (
    *(loop.call for loop in engines.LOOPS),
    *(step.call for step in engines.INSTALL_STEPS),
    *engines.PRODUCTION_REFUSALS,
    *engines.REGISTRY_USERS,
    engines.CERTIFICATE_JUDGE,
    engines.ROLE_KEEPER,
)


@pytest.mark.parametrize("name", CALLS)
def test_a_function_of_the_tables_is_there(name):
    assert callable(import_string(name))


def test_every_subscriber_is_there():
    assert events.subscribers().keys() == engines.SUBSCRIBERS.keys()


def test_what_is_published_as_unheard_has_no_subscriber():
    assert "registries.changed" not in engines.SUBSCRIBERS


def test_names_in_the_tables_are_given_once():
    for table in (engines.LOOPS, engines.INSTALL_STEPS, PROCESSES):
        names = [row.name for row in table]
        assert len(names) == len(set(names))


def test_every_app_of_the_table_is_installed():
    assert {name.rsplit(".", maxsplit=2)[0] for name in engines.APPS} <= {
        config.name for config in apps.get_app_configs()
    }


def test_narrowed_tables_exist(db):
    tables = set(connection.introspection.table_names())
    assert {*engines.READ_ONLY_TABLES, *engines.APPEND_ONLY_TABLES} - tables == set()
    for prefix in (*engines.READER_TABLES, *engines.AUDITOR_TABLES):
        assert any(table.startswith(prefix) for table in tables)


def test_no_simulator_runs_in_production():
    names = {process.name for process in of_mode("production")}
    assert names == {"web", "worker"}


def test_no_two_processes_want_the_same_port():
    offsets = [offset for process in PROCESSES for offset in process.offsets]
    assert len(offsets) == len(set(offsets))
    # A house on the next block of ports wants none of these.
    assert max(offsets) < PORT_STEP


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_the_module_of_a_process_is_there(process):
    module = process.argv[process.argv.index("-m") + 1]
    assert importlib.util.find_spec(module) is not None


@pytest.mark.parametrize("verb", VERBS.values(), ids=lambda verb: verb.module)
def test_the_module_of_a_verb_is_there(verb):
    assert importlib.util.find_spec(f"cuaso.wiring.cli.{verb.module}") is not None


def test_a_session_on_a_revoked_certificate_is_ended_and_told_within_thirty_seconds():
    every = {loop.call: loop.every_seconds for loop in engines.LOOPS}
    door = "cuaso.foundation.identity.api"
    asking = 12  # one round of questions, however many issuers are silent
    assert every[f"{door}.end_certified"] + asking + every[f"{door}.tell_logouts"] < 30
