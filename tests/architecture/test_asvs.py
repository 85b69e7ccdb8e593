"""The page of ASVS requirements: every test that it names is there, and no gap is hidden."""

import ast
from collections import Counter
from pathlib import Path

from tools.asvs_pages import CHAPTERS, STATES, page, requirements

ROOT = Path(__file__).parents[2]
FOUND = requirements(ROOT / "docs")
# How many requirements ASVS 5.0.0 has in each chapter.
COUNTS = {"V6": 47, "V7": 19, "V8": 13, "V9": 7, "V10": 36}


def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests of one file."""
    nodes = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef))


def test_every_requirement_of_the_chapters_stands_once() -> None:
    assert Counter(one.chapter for one in FOUND) == COUNTS
    assert len({one.id for one in FOUND}) == len(FOUND)
    assert list(COUNTS) == list(CHAPTERS)
    assert {one.level for one in FOUND} == {1, 2, 3}


def test_every_test_that_proves_a_requirement_is_there() -> None:
    named = {node for one in FOUND for node in one.tests}
    files = {node.split("::")[0] for node in named}
    there = {f"{path}::{name}" for path in files for name in names_in(path)}
    assert sorted(named - there) == []


def test_what_is_met_is_proven_and_what_is_not_says_what_lacks() -> None:
    assert {one.state for one in FOUND} <= set(STATES)
    assert [one.id for one in FOUND if one.state == "met" and not one.tests] == []
    assert [one.id for one in FOUND if one.state != "met" and not one.note] == []


def test_the_page_tells_each_requirement_with_its_proofs() -> None:
    told = page(FOUND)
    assert f"Tổng cộng {len(FOUND)} yêu cầu" in told
    for one in FOUND:
        assert f"| {one.id} |" in told
