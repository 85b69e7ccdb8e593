"""How the house addresses people: engines nobody, the portal «bạn»."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import SOURCE, python_files, short, tree

YOU = re.compile(r"\bbạn\b", re.IGNORECASE)
SIR_MADAM = re.compile(r"\bông/bà\b", re.IGNORECASE)
# Engines whose sentences the desk and the portal both show.
SHARED = tuple(
    SOURCE / "cuaso" / name
    for name in (
        "declarations",
        "foundation/access",
        "foundation/files",
        "foundation/identity",
        "capabilities",
    )
)
PORTAL = SOURCE / "cuaso" / "channels" / "portal"


def said(path: Path) -> Iterator[str]:
    """Yield the texts of a file that are not docstrings."""
    module = tree(path)
    promises = {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in promises
        ):
            yield node.value


def test_a_sentence_that_desk_and_portal_both_show_addresses_nobody_as_ban() -> None:
    own = [path for path in python_files() if "tests" not in path.parts]
    shared = [path for path in own if any(path.is_relative_to(engine) for engine in SHARED)]
    assert len(shared) > 100
    found = [f"{short(path)}: {text}" for path in shared for text in said(path) if YOU.search(text)]
    assert found == []


def test_a_page_of_the_portal_addresses_citizens_as_ban() -> None:
    pages = sorted((PORTAL / "templates").rglob("*.html"))
    assert len(pages) > 20
    views = [path for path in python_files() if path.is_relative_to(PORTAL / "views")]
    texts = [(path, path.read_text(encoding="utf-8")) for path in (*pages, *views)]
    assert [short(path) for path, text in texts if SIR_MADAM.search(text)] == []
