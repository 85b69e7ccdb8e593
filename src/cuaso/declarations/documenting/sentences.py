"""Small pieces of Vietnamese: lists in a sentence, days, marks, cells of a table."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

MARK: Final = "†"
ROLES: Final = {
    "reception": "cán bộ tiếp nhận",
    "handler": "công chức thụ lý",
    "leader": "lãnh đạo",
    "clerk": "văn thư",
    "admin": "người quản trị",
    "auditor": "thanh tra, kiểm toán",
}


def together(words: Iterable[str], last: str = "và") -> str:
    """Return words as a sentence lists them: `a, b và c`; `a; b, c và d` when one has a comma."""
    all_ = [word for word in words if word]
    between = "; " if any(", " in word and not word.startswith("“") for word in all_) else ", "
    return " ".join([*([between.join(all_[:-1]), last] if all_[1:] else []), *all_[-1:]])


def spans(codes: Sequence[str]) -> list[str]:
    """Return codes with each run of three or more that follow one another as `DX-10 đến DX-14`."""
    runs: list[list[str]] = []
    for code in codes:
        if runs and _follows(runs[-1][-1], code):
            runs[-1].append(code)
        else:
            runs.append([code])
    said = ([f"{run[0]} đến {run[-1]}"] if len(run) > 2 else run for run in runs)  # noqa: PLR2004 a pair
    return [one for run in said for one in run]


def _follows(first: str, second: str) -> bool:
    (name, _, number), (other, _, next_) = first.rpartition("-"), second.rpartition("-")
    both = number.isdecimal() and next_.isdecimal()
    return both and name == other and int(next_) == int(number) + 1


def quoted(text: str) -> str:
    """Return a name as it stands inside a sentence."""
    return f"“{text}”"


def day(one: date) -> str:
    return f"{one:%d/%m/%Y}"


def lower(text: str) -> str:
    """Return a title inside a sentence: its first letter small, unless it is an abbreviation."""
    first, second = text[:1], text[1:2]
    return text if first.isupper() and second.isupper() else first.lower() + text[1:]


def upper(text: str) -> str:
    """Return a sentence with its first letter large."""
    return text[:1].upper() + text[1:]


def marked(text: str, *, unverified: bool) -> str:
    """Return a text of law, with the mark when nobody read it in an official text."""
    return text + MARK if unverified else text


def roles(names: Sequence[str]) -> str:
    """Return the names of roles in a sentence."""
    return together(ROLES.get(name, name) for name in names)


def ended(text: str) -> str:
    """Return a sentence with its full stop."""
    stripped = text.strip()
    return stripped if stripped.endswith((".", "!", "?", ":")) else f"{stripped}."


def cell(text: str) -> str:
    """Return a text as the cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ").strip()


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table; nothing when there is no row."""
    body = [f"| {' | '.join(cell(one) for one in row)} |" for row in rows]
    return [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *body, ""] if body else []
