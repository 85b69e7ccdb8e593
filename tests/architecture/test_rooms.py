"""Every engine has the same rooms, and nothing lies in a drawer."""

import ast
import re
import tomllib

import pytest

from cuaso import __version__
from cuaso.wiring import engines as table
from cuaso.wiring import places
from tests.architecture import exceptions
from tests.architecture.source import engines, python_files, short, tree

LONGEST_FILE = 400
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base2"}
# Parsing is slow: only a file that says the word elsewhere than in its first column is looked into.
INNER_IMPORT = re.compile(r"^(?!import |from ).*\bimport\b", re.MULTILINE)
ROOMS = ("README.md", "api.py", "contracts.py", "logic", "tests")


@pytest.mark.parametrize("engine", engines(), ids=short)
def test_an_engine_has_the_promised_rooms(engine):
    name = short(engine)
    missing = [room for room in ROOMS if not (engine / room).exists()]
    assert [room for room in missing if (name, room) not in exceptions.MISSING_ROOMS] == []


@pytest.mark.parametrize("engine", engines(), ids=short)
def test_an_engine_says_what_it_promises_in_a_few_lines(engine):
    lines = (engine / "README.md").read_text(encoding="utf-8").splitlines()
    assert 4 <= len([line for line in lines if line.strip()]) <= 60


@pytest.mark.parametrize("engine", engines(), ids=short)
def test_an_engine_with_tables_has_migrations(engine):
    if (engine / "models.py").exists():
        assert list((engine / "migrations").glob("0001_*.py")) != []


def test_every_engine_stands_in_the_table():
    declared = {name.rsplit(".", maxsplit=2)[0] for name in table.APPS}
    found = {".".join(("cuaso", engine.parent.name, engine.name)) for engine in engines()}
    assert found - declared == set()


def test_a_room_that_is_too_long_wants_a_wall():
    too_long = {
        short(path): count
        for path in python_files()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert {name: n for name, n in too_long.items() if name not in exceptions.LONG_FILES} == {}


def test_nothing_lies_in_a_drawer():
    drawers = {short(path) for path in python_files() if DRAWERS & {path.stem, *path.parts}}
    assert drawers == set()


def test_nothing_is_imported_inside_a_function():
    late = {
        f"{short(path)}:{inner.lineno}"
        for path in python_files()
        if INNER_IMPORT.search(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }
    excused = tuple(exceptions.LATE_IMPORTS)
    assert {place for place in late if not place.startswith(excused or ("\0",))} == set()


def test_no_signal_hides_an_act():
    banned = {"django.db.models.signals", "django.dispatch"}
    found = {
        short(path)
        for path in python_files()
        if any(name in path.read_text(encoding="utf-8") for name in banned)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module in banned
    }
    assert found == set()


def test_the_version_is_said_once():
    project = tomllib.loads((places.ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__


def test_every_excuse_has_a_reason_and_is_needed():
    excuses = [
        *exceptions.LONG_FILES.values(),
        *exceptions.LATE_IMPORTS.values(),
        *exceptions.MISSING_ROOMS.values(),
        *exceptions.FOREIGN_KEYS.values(),
        *exceptions.HOSTS.values(),
    ]
    assert [reason for reason in excuses if len(reason) < 15] == []
    named = [*exceptions.LONG_FILES, *exceptions.LATE_IMPORTS, *exceptions.HOSTS]
    assert [name for name in named if not (places.ROOT / name).exists()] == []
