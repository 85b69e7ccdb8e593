"""Adds a page to the documentation: which test proves which clause of which row, and what is left.

What it tells stands in docs/reference/rows-and-proofs.yaml; a test sees that every proof is there.
"""

from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from cuaso.declarations.reading import read
from cuaso.declarations.shape import Declaration

SOURCE: Final = "reference/rows-and-proofs.yaml"
PAGE: Final = "reference/rows-and-proofs.md"
SECTION: Final = "Tra cứu"
LEAD: Final = """# Dòng của quyết định và bài thử chứng minh

Mỗi dòng là một hệ thống mà quyết định của tỉnh nêu. Cột đầu là từng ý của câu “chạy được khi”;
bên cạnh là bài thử đi hết ý ấy tại chính các trang và API của hệ thống, rồi phần còn chờ và lý do.

"""


class Clause(Declaration):
    """A part of what makes a row work: the tests that walk it, and what it still lacks."""

    say: str
    proof: tuple[str, ...] = ()
    left: str = ""


class Row(Declaration):
    """A system that the decision names, where it lives, and its clauses."""

    row: str
    title: str
    home: str
    clauses: tuple[Clause, ...]


class Rows(Declaration):
    """What the file of rows holds."""

    rows: tuple[Row, ...]


def rows(docs: Path) -> tuple[Row, ...]:
    """Read the rows from the folder of the documentation."""
    return read(docs / SOURCE, Rows).rows


def page(found: tuple[Row, ...]) -> str:
    """Return the page as Markdown."""
    return LEAD + "\n".join(_told(one) for one in found)


def _told(row: Row) -> str:
    lines = [
        f"## {row.row} · {row.title}\n",
        f"Ở: `{row.home}`\n",
        "| Ý | Bài thử | Còn chờ |",
        "|---|---|---|",
        *map(_line, row.clauses),
    ]
    return "\n".join(lines) + "\n"


def _line(one: Clause) -> str:
    proofs = "<br>".join(f"`{name}`" for name in one.proof)
    return f"| {one.say} | {proofs or '–'} | {one.left or '–'} |"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page, and name it in the navigation."""
    files.append(File.generated(config, PAGE, content=page(rows(Path(config.docs_dir)))))
    for section in config.nav or ():
        if isinstance(section, dict) and SECTION in section:
            section[SECTION].append(PAGE)
    return files
