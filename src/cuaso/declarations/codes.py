"""Code lists of packs: `codes/<list>.csv`, titles in `codes/lists.csv`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from cuaso.declarations.fields import Option
from cuaso.declarations.trouble import BadDeclaration, DeclarationError
from cuaso.kernel import tables
from cuaso.kernel.errors import Invalid

TITLES: Final = "lists.csv"
# Lists that the directory gives: administrative units by level.
PLACES: Final = frozenset({"province", "commune"})


@dataclass(frozen=True)
class CodeLine:
    """One line of a list; `to` is the last day on which the code is valid."""

    code: str
    label_vi: str
    label_en: str
    from_: date | None
    to: date | None
    source: str
    unverified: bool

    def holds_on(self, day: date) -> bool:
        return (not self.from_ or self.from_ <= day) and (not self.to or day <= self.to)


@dataclass(frozen=True)
class TitleLine:
    """One line of `lists.csv`."""

    list: str
    title_vi: str
    title_en: str
    source: str


@dataclass(frozen=True, kw_only=True)
class CodeList:
    id: str
    title: str
    title_en: str
    source: str
    lines: tuple[CodeLine, ...]

    @property
    def unverified(self) -> int:
        return sum(line.unverified for line in self.lines)


class PackLists:
    """Code lists read from packs, as forms ask for them. `places` adds lists of places."""

    def __init__(
        self,
        lists: Mapping[str, CodeList],
        *,
        places: Mapping[str, Sequence[Option]] | None = None,
    ) -> None:
        self._lists = lists
        self._places = places or {}

    def options(self, list_id: str, day: date) -> tuple[Option, ...]:
        """Return the options valid on a day, in the order of the file."""
        if list_id in self._places:
            return tuple(self._places[list_id])
        found = self._lists.get(list_id)
        return tuple(_option(line) for line in found.lines if line.holds_on(day)) if found else ()

    def find(self, list_id: str, code: str, day: date) -> Option | None:
        """Return the option of a code valid on a day."""
        if list_id in self._places:
            return next((one for one in self._places[list_id] if one.code == code), None)
        found = self._lists.get(list_id)
        lines = found.lines if found else ()
        return next((_option(one) for one in lines if one.code == code and one.holds_on(day)), None)


def read_folder(folder: Path) -> dict[str, CodeList]:
    """Read every list of a `codes/` folder; raise BadDeclaration with each bad line."""
    if not folder.is_dir():
        return {}
    errors: list[DeclarationError] = []
    titles = {line.list: line for line in _read(folder / TITLES, TitleLine, errors)}
    files = {
        path.stem: path
        for path in sorted(folder.glob("*.csv"))
        if path.name != TITLES and not path.name.endswith(".map.csv")
    }
    errors += _unmatched(folder, titles, files)
    lists = {
        name: CodeList(
            id=name,
            title=titles[name].title_vi,
            title_en=titles[name].title_en,
            source=titles[name].source,
            lines=_read(path, CodeLine, errors),
        )
        for name, path in files.items()
        if name in titles
    }
    for name, one in lists.items():
        errors += _doubled(files[name], one)
    if errors:
        raise BadDeclaration(errors)
    return lists


def _read(
    path: Path, row: type[tables.RowT], errors: list[DeclarationError]
) -> tuple[tables.RowT, ...]:
    try:
        return tables.read(path, row)
    except FileNotFoundError:
        errors.append(DeclarationError(file=path, line=0, what="Không có tệp này."))
    except UnicodeDecodeError:
        errors.append(DeclarationError(file=path, line=0, what="Tệp không phải UTF-8."))
    except Invalid as refusal:
        for problem in refusal.problems:
            line = problem.field.rpartition(":")[2]
            number = int(line) if line.isdecimal() else 0
            errors.append(DeclarationError(file=path, line=number, what=problem.say))
    return ()


def _unmatched(
    folder: Path, titles: Mapping[str, TitleLine], files: Mapping[str, Path]
) -> Iterator[DeclarationError]:
    for name in sorted(files.keys() - titles.keys()):
        what = f"Danh mục “{name}” chưa có tên."
        remedy = f"Hãy thêm một dòng cho “{name}” vào {TITLES}."
        yield DeclarationError(file=files[name], line=1, what=what, remedy=remedy)
    for name in sorted(titles.keys() - files.keys()):
        what = f"Danh mục “{name}” có tên mà không có tệp {name}.csv."
        yield DeclarationError(file=folder / TITLES, line=1, what=what, remedy="Hãy thêm tệp.")


def _doubled(path: Path, one: CodeList) -> Iterator[DeclarationError]:
    seen: dict[str, CodeLine] = {}
    for number, line in enumerate(one.lines, start=2):
        before = seen.get(line.code)
        if before and (before.to is None or line.from_ is None or line.from_ <= before.to):
            what = f"Mã “{line.code}” có hai nghĩa trong cùng thời gian."
            yield DeclarationError(file=path, line=number, what=what, remedy="Hãy sửa from và to.")
        seen[line.code] = line


def _option(line: CodeLine) -> Option:
    return Option(code=line.code, label=line.label_vi, label_en=line.label_en)
