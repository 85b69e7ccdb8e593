"""Mappings between code lists: `codes/<from>__<to>.map.csv`, relations as in SKOS.

`exact`: the same thing; `broader`: the target is the wider one; `narrower`: the target is a part;
`related`: neither; `none`: looked for, and there is no counterpart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

from cuaso.declarations.codes import CodeLine, CodeList
from cuaso.declarations.trouble import BadDeclaration, DeclarationError, suggestion
from cuaso.kernel import tables
from cuaso.kernel.errors import Invalid

ENDING: Final = ".map.csv"
RELATIONS: Final = ("exact", "broader", "narrower", "related", "none")


@dataclass(frozen=True)
class MappingLine:
    """One line of a mapping; `to` is the last day on which it holds."""

    code: str
    target: str
    relation: str
    from_: date | None
    to: date | None
    source: str
    unverified: bool

    def meets(self, other: "CodeLine | MappingLine") -> bool:
        return _before(self.from_, other.to) and _before(other.from_, self.to)


@dataclass(frozen=True, kw_only=True)
class CodeMapping:
    """A mapping as its file declares it; line numbers count from 2, below the heading."""

    from_list: str
    to_list: str
    path: Path
    lines: tuple[MappingLine, ...]

    @property
    def unverified(self) -> int:
        return sum(line.unverified for line in self.lines)

    def numbered(self) -> Iterator[tuple[int, MappingLine]]:
        return iter(enumerate(self.lines, start=2))

    def error(self, line: int, what: str, remedy: str = "") -> DeclarationError:
        return DeclarationError(file=self.path, line=line, what=what, remedy=remedy)


def read_mappings(folder: Path) -> tuple[CodeMapping, ...]:
    """Read every mapping of a `codes/` folder; raise BadDeclaration with each bad line."""
    errors: list[DeclarationError] = []
    found = [_read(path, errors) for path in sorted(folder.glob(f"*{ENDING}"))]
    if errors:
        raise BadDeclaration(errors)
    return tuple(one for one in found if one)


def _read(path: Path, errors: list[DeclarationError]) -> CodeMapping | None:
    from_list, between, to_list = path.name.removesuffix(ENDING).partition("__")
    if not (from_list and between and to_list):
        what = f"Tên tệp “{path.name}” không nói ánh xạ từ danh mục nào sang danh mục nào."
        remedy = f"Hãy đặt tên <danh mục>__<danh mục>{ENDING}."
        errors.append(DeclarationError(file=path, line=0, what=what, remedy=remedy))
        return None
    try:
        lines = tables.read(path, MappingLine)
    except Invalid as refusal:
        for problem in refusal.problems:
            number = int(problem.field.rpartition(":")[2])
            errors.append(DeclarationError(file=path, line=number, what=problem.say))
        return None
    one = CodeMapping(from_list=from_list, to_list=to_list, path=path, lines=lines)
    errors += _misshapen(one)
    return one


def _misshapen(one: CodeMapping) -> Iterator[DeclarationError]:
    for number, line in one.numbered():
        if line.relation not in RELATIONS:
            what = f"Không có quan hệ “{line.relation}”."
            yield one.error(number, what, suggestion(line.relation, RELATIONS))
        elif (line.relation == "none") == bool(line.target):
            what = f"Mã “{line.code}”: chỉ quan hệ none mới không có mã đích."
            yield one.error(number, what, "Hãy ghi mã đích, hoặc để trống và ghi none.")
        elif line.from_ and line.to and line.to < line.from_:
            yield one.error(number, "Dòng này kết thúc trước khi bắt đầu.", "Hãy sửa from, to.")


def mapping_faults(one: CodeMapping, lists: Mapping[str, CodeList]) -> Iterator[DeclarationError]:
    """Yield what is wrong against the two lists: strange codes, doubled lines, gaps."""
    unknown = [name for name in (one.from_list, one.to_list) if name not in lists]
    if unknown:
        for name in unknown:
            yield one.error(0, f"Không có danh mục “{name}”.", suggestion(name, lists))
        return
    source, target = lists[one.from_list], lists[one.to_list]
    yield from _strange(one, source, target)
    yield from _doubled(one)
    yield from _gaps(one, source)


def _strange(one: CodeMapping, source: CodeList, target: CodeList) -> Iterator[DeclarationError]:
    sources, targets = _by_code(source.lines), _by_code(target.lines)
    for number, line in one.numbered():
        if line.code not in sources:
            what = f"Danh mục “{source.id}” không có mã “{line.code}”."
            yield one.error(number, what, suggestion(line.code, sources))
        if line.target and line.target not in targets:
            what = f"Danh mục “{target.id}” không có mã “{line.target}”."
            yield one.error(number, what, suggestion(line.target, targets))
        elif line.target and not any(line.meets(code) for code in targets[line.target]):
            what = f"Mã đích “{line.target}” không có hiệu lực ngày nào trong dòng này."
            yield one.error(number, what, "Hãy sửa from, to hoặc mã đích.")


def _doubled(one: CodeMapping) -> Iterator[DeclarationError]:
    """Yield a pair said twice for a day, and a code exactly equal to two things on one day."""
    seen: dict[str, list[MappingLine]] = {}
    for number, line in one.numbered():
        before = [other for other in seen.get(line.code, []) if other.meets(line)]
        if any(other.target == line.target for other in before):
            what = f"Mã “{line.code}” ứng với “{line.target}” hai lần trong cùng thời gian."
            yield one.error(number, what, "Hãy giữ một dòng, hoặc sửa from và to.")
        elif any("none" in (other.relation, line.relation) for other in before):
            what = f"Mã “{line.code}” vừa có vừa không có mã tương ứng."
            yield one.error(number, what, "Hãy bỏ dòng none hoặc dòng kia.")
        elif line.relation == "exact" and any(other.relation == "exact" for other in before):
            what = f"Mã “{line.code}” không thể bằng đúng hai mã khác nhau."
            yield one.error(number, what, "Khi một mã tách làm nhiều, hãy ghi narrower.")
        seen.setdefault(line.code, []).append(line)


def _gaps(one: CodeMapping, source: CodeList) -> Iterator[DeclarationError]:
    """Yield codes without a counterpart: never, no longer, or not for some days between."""
    mapped: dict[str, list[tuple[int, MappingLine]]] = {}
    for number, line in one.numbered():
        mapped.setdefault(line.code, []).append((number, line))
    for code, periods in _by_code(source.lines).items():
        lines = sorted(mapped.get(code, []), key=lambda pair: pair[1].from_ or date.min)
        if not lines:
            what = f"Mã “{code}” của “{source.id}” chưa có dòng nào."
            yield one.error(0, what, "Hãy thêm một dòng; nếu không có mã tương ứng, ghi none.")
            continue
        yield from (
            one.error(number, what, "Hãy nối liền from và to.") for number, what in _holes(lines)
        )
        if any(period.to is None for period in periods) and all(line.to for _, line in lines):
            number, last = lines[-1]
            what = f"Mã “{code}” còn hiệu lực mà ánh xạ dừng ngày {last.to}."
            yield one.error(number, what, "Hãy thêm dòng cho những ngày sau đó.")


def _holes(lines: Sequence[tuple[int, MappingLine]]) -> Iterator[tuple[int, str]]:
    reached: date | None = lines[0][1].to
    for _, (number, line) in pairwise(lines):
        if reached is None:
            return
        if line.from_ and (line.from_ - reached).days > 1:
            yield number, f"Mã “{line.code}” không có ánh xạ giữa {reached} và {line.from_}."
        reached = None if line.to is None else max(reached, line.to)


def _by_code(lines: Iterable[CodeLine]) -> dict[str, list[CodeLine]]:
    found: dict[str, list[CodeLine]] = {}
    for line in lines:
        found.setdefault(line.code, []).append(line)
    return found


def _before(start: date | None, end: date | None) -> bool:
    """Say whether a first day is not after a last day."""
    return start is None or end is None or start <= end
