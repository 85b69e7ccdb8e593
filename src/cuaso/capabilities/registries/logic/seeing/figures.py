"""Declared figures: counts, sums and averages in the reader's rights, each with its records."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Avg, Count, F, Func, Sum
from django.db.models.functions import TruncYear

from cuaso.capabilities.registries.contracts import Choice, FigureCell, FigureView, Filter
from cuaso.capabilities.registries.logic.seeing import (
    filters,
    lists,
    outline,
    records,
    rights,
    standing,
)
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.registry_views import Figure
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed, NotFound
from cuaso.kernel.text import sort_key

_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, kw_only=True)
class _Axis:
    """One field that a figure is divided by: its groups in order, and how a group is filtered."""

    column: Column
    title: str
    labels: Mapping[Any, str]

    def key(self, value: Any) -> Any:  # noqa: ANN401 a value of any column
        return value.year if isinstance(value, date) else value

    def label(self, key: Any) -> str:  # noqa: ANN401
        if key is None:
            return ""
        return self.labels.get(str(key), str(key))

    def filters(self, key: Any) -> tuple[Filter, ...]:  # noqa: ANN401
        path = self.column.path
        if key is None:
            return (Filter(path=path, how="blank"),)
        if self.column.kind in ("day", "moment"):
            return (
                Filter(path=path, how="from", values=(f"01/01/{key}",)),
                Filter(path=path, how="to", values=(f"31/12/{key}",)),
            )
        if isinstance(key, bool):
            return (Filter(path=path, how="is", values=("yes" if key else "no",)),)
        return (Filter(path=path, how="is", values=(str(key),)),)


def figure(
    *,
    registry: str,
    name: str,
    actor: Actor,
    language: str = "vi",
    as_of: datetime | None = None,
) -> FigureView:
    """Return a declared figure over the records that the actor may see, as they are or as they
    were at a moment.

    Raises NotFound for one that is not declared, NotAllowed where it rests on a masked field.
    """
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "view")
    declared = _declared(built, name)
    _refuse_masked(built, declared, actor)
    axes = [_axis(built, path, language) for path in declared.by]
    day = clock.legal_date(as_of) if as_of else clock.today()
    where = filters.spelled(built, declared.where, on=day)
    condition = filters.declared(built, declared.where, on=day)
    parts = [
        one.filter(condition, row_gone__isnull=True).order_by()
        for one in standing.visible_at(built, actor, as_of)
    ]
    measured = _grouped(built, declared, axes, parts)
    total = _together(declared, [one.aggregate(**_measures(built, declared)) for one in parts])
    lines, columns = _table(axes, measured, where)
    return FigureView(
        name=name,
        title=declared.title_en if language == "en" and declared.title_en else declared.title,
        unit=declared.unit,
        by=tuple(axis.title for axis in axes),
        columns=columns,
        lines=lines,
        total=_cell(total, where),
    )


def _declared(built: Built, name: str) -> Figure:
    found = built.declared.figures.get(name)
    if found is None:
        raise NotFound(
            code="registries.no_figure",
            what=f"Sổ “{built.declared.title}” không có số liệu “{name}”.",
            mend="Hãy chọn một số liệu trong trang của sổ.",
        )
    return found


def _refuse_masked(built: Built, declared: Figure, actor: Actor) -> None:
    hidden = rights.masked(built, actor)
    used = {declared.sum, declared.average, *declared.by, *declared.where}
    if any(path in hidden or path.partition(".")[0] in hidden for path in used if path):
        raise NotAllowed(
            code="registries.masked_figure",
            what=f"Chưa xem được “{declared.title}”.",
            why="Số liệu này tính từ một ô được che với tài khoản này.",
            mend="Hãy nhờ người có thẩm quyền của cơ quan chủ quản.",
        )


def _axis(built: Built, path: str, language: str) -> _Axis:
    column = next(values.under(built, path))
    choices: Sequence[Choice] = outline.options_of(built, column, language)
    labels: dict[Any, str] = {one.code: one.label for one in choices}
    labels |= {"True": labels.get("yes", ""), "False": labels.get("no", "")}
    return _Axis(column=column, title=records.title_of(built, path, language), labels=labels)


Measured = Mapping[str, Any]


def _measures(built: Built, declared: Figure) -> dict[str, Avg | Count | Sum]:
    """Return what is measured of each part: `number`, and of a mean how many values made it."""
    if declared.count:
        return {"number": Count("row_id")}
    name = built.column(declared.sum or declared.average).name
    return {"number": Sum(name)} if declared.sum else {"number": Avg(name), "values": Count(name)}


def _together(declared: Figure, parts: Sequence[Measured]) -> Any:  # noqa: ANN401 a number, None for none
    """Return one number of what was measured apart."""
    said = [one for one in parts if one["number"] is not None]
    if len(said) < 2:  # noqa: PLR2004 one part alone is its own sum and mean
        return said[0]["number"] if said else None
    if declared.count or declared.sum:
        return sum(one["number"] for one in said)
    return sum(one["number"] * one["values"] for one in said) / sum(one["values"] for one in said)


def _grouped(
    built: Built, declared: Figure, axes: Sequence[_Axis], parts: Sequence[lists.Rows]
) -> dict[tuple[Any, ...], Any]:
    if not axes:
        return {}
    by = {f"by_{number}": _part(axis.column) for number, axis in enumerate(axes)}
    found: dict[tuple[Any, ...], list[Measured]] = defaultdict(list)
    for rows in parts:
        measures = _measures(built, declared)
        for line in rows.annotate(**by).values(*by).annotate(**measures):
            key = tuple(axis.key(line[name]) for axis, name in zip(axes, by, strict=True))
            found[key].append(line)
    return {key: _together(declared, lines) for key, lines in found.items()}


def _part(column: Column) -> Any:  # noqa: ANN401 any expression of a query
    if column.kind == "day":
        return TruncYear(column.name)
    if column.kind == "moment":
        return TruncYear(column.name)
    if column.kind.endswith("[]"):
        return Func(F(column.name), function="unnest")
    return F(column.name)


def _table(
    axes: Sequence[_Axis], measured: Mapping[tuple[Any, ...], Any], where: tuple[Filter, ...]
) -> tuple[tuple[tuple[str, tuple[FigureCell, ...]], ...], tuple[str, ...]]:
    if not axes:
        return (), ()
    across = axes[1] if len(axes) > 1 else None
    columns = _ordered(across, {key[1] for key in measured}) if across else [None]
    return tuple(
        (
            axes[0].label(key),
            tuple(_cells(axes[0], across, key, columns, measured, where)),
        )
        for key in _ordered(axes[0], {key[0] for key in measured})
    ), tuple(across.label(key) for key in columns) if across else ()


def _cells(  # noqa: PLR0917 the parts of one line
    down: _Axis,
    across: _Axis | None,
    key: Any,  # noqa: ANN401 a value of any column
    columns: Sequence[Any],
    measured: Mapping[tuple[Any, ...], Any],
    where: tuple[Filter, ...],
) -> Iterator[FigureCell]:
    for other in columns:
        place = (key, other) if across else (key,)
        filters = (*where, *down.filters(key), *(across.filters(other) if across else ()))
        yield _cell(measured.get(place), filters)


def _ordered(axis: _Axis, keys: set[Any]) -> list[Any]:
    """Return the groups in the order of their code list, then of their names; nothing last."""
    order = {code: number for number, code in enumerate(axis.labels)}
    listed = [key for key in keys if key is not None]
    listed.sort(key=lambda key: (order.get(str(key), len(order)), sort_key(axis.label(key))))
    return [*listed, *([None] if None in keys else [])]


def _cell(value: Any, filters: tuple[Filter, ...]) -> FigureCell:  # noqa: ANN401 of an aggregate
    return FigureCell(value=value, text=_said(value), filters=filters)


def _said(value: Decimal | int | None) -> str:
    """Return a number as it is written here: 1.234,5; "" for none."""
    if value is None:
        return ""
    plain = Decimal(value)
    rounded = plain.quantize(_TENTH) if plain != plain.to_integral_value() else plain
    shown = f"{rounded:,f}".rstrip("0").rstrip(".") if "." in f"{rounded:f}" else f"{rounded:,f}"
    return shown.translate(str.maketrans(",.", ".,"))
