"""What a code of one list is in another, on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db.models import Q

from cuaso.foundation.dictionary.contracts import (
    Mapped,
    MappedCode,
    MappingView,
    Relation,
)
from cuaso.foundation.dictionary.element_models import Mapping
from cuaso.foundation.dictionary.logic.find_codes import find_code
from cuaso.foundation.dictionary.logic.memory import MEMORY
from cuaso.foundation.dictionary.models import Code, CodeList
from cuaso.kernel import clock

# Read the other way round, the wider becomes the narrower.
_TURNED: Final[dict[str, Relation]] = {
    "exact": "exact",
    "broader": "narrower",
    "narrower": "broader",
    "related": "related",
}
_RANK: Final = ("exact", "broader", "narrower", "related")


@MEMORY.keep
def map_code(list_id: str, code: str, to_list: str, on: date | None = None) -> Mapped:
    """Return what a code is in another list as it stands on a day (today), best first.

    A code that was split has several counterparts, a merged one a `broader` one. Mappings are
    read both ways: from the new list also to the old one as it stood on an earlier day. Without
    counterparts `say` tells why: no such code, no mapping, or a code for which there is none.
    """
    day = on or clock.today()
    forward = Mapping.objects.filter(
        from_list__list_id=list_id, to_list__list_id=to_list, code=code
    )
    backward = Mapping.objects.filter(
        from_list__list_id=to_list, to_list__list_id=list_id, target=code
    )
    rows = [(row.target, row.relation, row) for row in forward.valid_on(day)]
    # Read backward, a line tells what a code was before the line began to hold.
    turned = backward.filter(Q(until_date=None) | Q(until_date__gt=day))
    rows += [(row.code, _TURNED[row.relation], row) for row in turned]
    found = _labelled(to_list, rows, day)
    say = "" if found else _why_not(list_id, code, to_list, day=day, rows=[r[2] for r in rows])
    return Mapped(codes=found, say=say)


def _labelled(
    to_list: str, rows: Iterable[tuple[str, str, Mapping]], day: date
) -> tuple[MappedCode, ...]:
    found = {}
    for target, relation, row in rows:
        code = find_code(to_list, target, day) if target else None
        if code is not None:
            found[target] = MappedCode(
                code=target,
                label=code.label,
                relation=relation,  # type: ignore[arg-type]
                source=row.source,
                unverified=row.unverified,
            )
    return tuple(sorted(found.values(), key=lambda one: (_RANK.index(one.relation), one.code)))


def _why_not(list_id: str, code: str, to_list: str, *, day: date, rows: list[Mapping]) -> str:
    if missing := [name for name in (list_id, to_list) if not _is_list(name)]:
        return f"Không có danh mục “{missing[0]}”."
    if not Code.objects.filter(code_list__list_id=list_id, code=code).exists():
        return f"Danh mục “{list_id}” không có mã “{code}”."
    if any(row.relation == "none" for row in rows):
        return f"Mã “{code}” không có mã tương ứng trong danh mục “{to_list}”."
    if rows:
        return f"Mã tương ứng trong danh mục “{to_list}” không có hiệu lực ngày {day:%d/%m/%Y}."
    pair = Q(from_list__list_id=list_id, to_list__list_id=to_list)
    turned = Q(from_list__list_id=to_list, to_list__list_id=list_id)
    if not Mapping.objects.filter(pair | turned).exists():
        return f"Chưa có ánh xạ giữa danh mục “{list_id}” và danh mục “{to_list}”."
    return f"Ánh xạ sang danh mục “{to_list}” chưa nói tới mã “{code}” vào ngày {day:%d/%m/%Y}."


def _is_list(list_id: str) -> bool:
    return CodeList.objects.filter(list_id=list_id).exists()


def mappings(list_id: str, on: date | None = None) -> tuple[MappingView, ...]:
    """Return the mappings of a list with others as they stand on a day (today), line by line.

    A line is code, label and counterpart; the counterpart is None where there is none.
    """
    day = on or clock.today()
    others = CodeList.objects.filter(
        Q(mappings_in__from_list__list_id=list_id) | Q(mappings_out__to_list__list_id=list_id)
    ).distinct()
    labels = _labels(list_id)
    return tuple(
        MappingView(
            from_list=list_id,
            to_list=other.list_id,
            to_title=other.title,
            lines=_lines(list_id, other.list_id, day, labels=labels),
        )
        for other in others.order_by("list_id")
    )


def _lines(
    list_id: str, to_list: str, day: date, *, labels: dict[str, str]
) -> tuple[tuple[str, str, MappedCode | None], ...]:
    theirs = _labels(to_list)
    rows = [
        (row.code, row.target, row.relation, row)
        for row in Mapping.objects.filter(
            from_list__list_id=list_id, to_list__list_id=to_list
        ).valid_on(day)
    ]
    rows += [
        (row.target, row.code, _TURNED.get(row.relation, "none"), row)
        for row in Mapping.objects.filter(
            from_list__list_id=to_list, to_list__list_id=list_id
        ).valid_on(day)
        if row.target
    ]
    lines = []
    for code, target, relation, row in sorted(rows, key=lambda one: (one[0], one[1])):
        other = MappedCode(
            code=target,
            label=theirs.get(target, ""),
            relation=relation,  # type: ignore[arg-type]
            source=row.source,
            unverified=row.unverified,
        )
        lines.append((code, labels.get(code, ""), other if target else None))
    return tuple(lines)


def _labels(list_id: str) -> dict[str, str]:
    """Return the newest label of each code, whatever the day: an old code keeps its name."""
    rows = Code.objects.filter(code_list__list_id=list_id).order_by("from_date")
    return dict(rows.values_list("code", "label"))
