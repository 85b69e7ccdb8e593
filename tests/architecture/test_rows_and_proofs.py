"""The page of rows and proofs: every test that it names is there, and no clause is left bare."""

import ast
from pathlib import Path

import pytest

from tools.proof_pages import Row, page, rows

ROOT = Path(__file__).parents[2]
FOUND = rows(ROOT / "docs")


@pytest.fixture(scope="module")
def tests() -> frozenset[str]:
    """Return the names of every test of the project."""
    files = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "src").rglob("tests/**/test_*.py")]
    return frozenset(
        node.name
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("row", FOUND, ids=lambda row: row.row)
def test_every_clause_of_a_row_names_tests_that_are_there_or_says_what_is_left(
    row: Row, tests: frozenset[str]
) -> None:
    assert row.clauses
    assert [one.say for one in row.clauses if not one.proof and not one.left] == []
    assert sorted({name for one in row.clauses for name in one.proof} - tests) == []


def test_a_row_stands_once_and_its_own_id_is_in_the_name_of_a_test_that_proves_it() -> None:
    ids = [one.row for one in FOUND]
    assert len(ids) == len(set(ids))
    unnamed = [
        one.row
        for one in FOUND
        if not any(
            f"test_{one.row.replace('-', '_').replace('.', '_')}_" in name
            for clause in one.clauses
            for name in clause.proof
        )
    ]
    assert unnamed == []


def test_the_page_tells_each_row_with_its_proofs() -> None:
    told = page(FOUND)
    assert told.count("\n## ") == len(FOUND)
    assert "## DX-09 · Hệ thống thông tin dữ liệu công tác dân tộc" in told
