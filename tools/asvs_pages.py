"""Adds a page to the documentation: which test proves which requirement of OWASP ASVS 5.0.

What it tells stands in docs/reference/asvs.yaml; a test sees that every proof is there.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from cuaso.declarations.strict_yaml import parse

SOURCE: Final = Path("reference/asvs.yaml")
PAGE: Final = "reference/asvs.md"
SECTION: Final = "Tra cứu"
STATES: Final = {
    "met": "đạt",
    "partial": "một phần",
    "not met": "chưa đạt",
    "n/a": "không áp dụng",
}
CHAPTERS: Final = {
    "V6": "Xác thực",
    "V7": "Phiên",
    "V8": "Phân quyền",
    "V9": "Mã tự chứa",
    "V10": "OAuth và OpenID Connect",
}
LEAD: Final = """# OWASP ASVS 5.0: yêu cầu và bài thử

Các chương V6 đến V10, mức 1 đến 3. Yêu cầu được diễn lại ngắn; lời đầy đủ ở bản của OWASP.
Chỗ chưa đạt được nêu rõ.

"""


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One requirement: the lowest level that asks for it, its state, the tests that prove it."""

    id: str
    level: int
    say: str
    state: str
    tests: tuple[str, ...]
    note: str

    @property
    def chapter(self) -> str:
        return self.id.split(".")[0]


def requirements(docs: Path) -> tuple[Requirement, ...]:
    """Read the requirements from the folder of the documentation."""
    told: Any = parse(docs / SOURCE).content
    return tuple(
        Requirement(
            id=one["id"],
            level=int(one["level"]),
            say=one["say"],
            state=one["state"],
            tests=tuple(one.get("tests", ())),
            note=one.get("note", ""),
        )
        for one in told
    )


def page(found: tuple[Requirement, ...]) -> str:
    """Return the page in Markdown: a count, then a table a chapter."""
    counts = Counter(one.state for one in found)
    total = ", ".join(f"{word} {counts[state]}" for state, word in STATES.items())
    parts = [LEAD, f"Tổng cộng {len(found)} yêu cầu: {total}.\n"]
    for chapter, title in CHAPTERS.items():
        rows = [one for one in found if one.chapter == chapter]
        parts += [
            f"\n## {chapter} · {title}\n",
            "| Yêu cầu | Mức | Ý | Trạng thái | Bài thử | Ghi chú |",
            "|---|---|---|---|---|---|",
            *map(_line, rows),
        ]
    return "\n".join(parts) + "\n"


def _line(one: Requirement) -> str:
    proofs = "<br>".join(f"`{node.split('::')[-1]}`" for node in one.tests)
    return (
        f"| {one.id} | {one.level} | {one.say} | {STATES[one.state]} | {proofs or '–'} "
        f"| {one.note or '–'} |"
    )


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page, and name it in the navigation."""
    found = requirements(Path(config.docs_dir))
    files.append(File.generated(config, PAGE, content=page(found)))
    for section in config.nav or ():
        if isinstance(section, dict) and SECTION in section:
            section[SECTION].append(PAGE)
    return files
