"""What is wrong in a declaration: file, line, what, and how to mend it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cuaso.kernel.errors import Refusal
from cuaso.kernel.text import fold


@dataclass(frozen=True, kw_only=True)
class DeclarationError:
    """One mistake of a pack's author. `line` counts from 1; 0 means the file as a whole. `place`
    are the names on the way to it, as far as they are known.
    """

    file: Path
    line: int
    what: str
    remedy: str = ""
    place: tuple[str | int, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.what} {self.remedy}".rstrip()


class BadDeclaration(Refusal):
    """A file that cannot be read as declared; `errors` lists every mistake found."""

    def __init__(self, errors: Iterable[DeclarationError]) -> None:
        self.errors = tuple(errors)
        super().__init__(
            code="declarations.bad",
            what="Khai báo có lỗi.",
            why=" ".join(str(error) for error in self.errors),
            mend="Hãy sửa tệp rồi chạy lại “cuaso packs check”.",
        )


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` most likely meant, marks and case ignored."""
    folded = {fold(candidate): candidate for candidate in known}
    found = difflib.get_close_matches(fold(name), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest one, else what may be written."""
    names = sorted(known)
    meant = nearest(name, names)
    if meant:
        return f"Có phải định viết “{meant}”?"
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")  # noqa: PLR2004 a screen line
    return f"Có thể dùng: {shown}." if names else ""
