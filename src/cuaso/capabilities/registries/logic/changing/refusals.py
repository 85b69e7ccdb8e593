"""What a registry refuses to have written: a change that makes a refusing notice hold."""

from collections.abc import Sequence
from uuid import UUID

from cuaso.capabilities.registries.logic.seeing import notices
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, Problem

Standing = frozenset[tuple[UUID, str]]


def standing(built: Built, ids: Sequence[UUID]) -> Standing:
    """Return which refusing notices hold for which records, as they are now in the database."""
    names = tuple(name for name, one in built.declared.notices.items() if one.refuses)
    if not names:
        return frozenset()
    held = notices.holding(built, ids, names, on=clock.today())
    return frozenset((id, name) for id, found in held.items() for name in found)


def require(built: Built, row: Row, *, before: Standing = frozenset()) -> None:
    """Raise Invalid when a refusing notice holds for a written row that did not hold before."""
    fresh = standing(built, [row.row_id]) - before
    if not fresh:
        return
    problems = []
    for _, name in sorted(fresh, key=lambda one: one[1]):
        one = built.declared.notices[name]
        problems.append(Problem(field=one.at, say=notices.said(built, row, one)))
    raise Invalid(
        code="registries.invalid",
        what=f"Bản ghi còn {len(problems)} chỗ cần sửa.",
        mend="Hãy sửa các ô được chỉ ra rồi ghi lại. Chưa có gì được ghi.",
        problems=tuple(problems),
    )
