"""Conditions of a list, compiled once for lists, counts, exports and the API."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from django.db.models import Q

from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.capabilities.registries.logic.seeing import besides
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.conditions import condition_of
from cuaso.declarations.fields import Wrong, type_of
from cuaso.declarations.noticing import Notice
from cuaso.declarations.registry_views import ListOf
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.text import words

_NUMBER: Final = re.compile(r"-?\d{1,15}([.,]\d{1,9})?")
# A day without an hour; of a moment it is meant from its first minute or to its last one.
_DAY: Final = re.compile(r"[\d\s/.\-]+")
_HOURS: Final = {"from": "00:00", "to": "23:59"}
_YES: Final = frozenset({"yes", "true", "1", "co", "có"})
_NO: Final = frozenset({"no", "false", "0", "khong", "không"})
Where = Mapping[str, Sequence[str]]
_NEVER: Final = {
    "json": frozenset({"is", "any", "not", "from", "to", "begins"}),
    "text[]": frozenset({"from", "to", "begins"}),
    "uuid[]": frozenset({"from", "to", "begins"}),
    "yes_no": frozenset({"from", "to", "begins"}),
}


def condition(built: Built, query: ListQuery, *, hidden: frozenset[str]) -> Q:
    """Return the condition of a list query; raise Invalid for what the list cannot be asked."""
    day = clock.legal_date(query.as_of) if query.as_of else clock.today()
    listed = list_of(built, query.list)
    found = declared(built, listed.where, on=day)
    if listed.notice:
        found &= noticed(built, built.declared.notices[listed.notice], on=day)
    found &= Q(row_gone__isnull=not query.gone)
    for one in query.filters:
        found &= _one(built, one, hidden)
    said = words(query.words)
    return found & Q(row_words__begin=said) if said else found


def list_of(built: Built, name: str) -> ListOf:
    """Return a declared list; raise Invalid."""
    found = built.declared.lists.get(name)
    if found is None:
        raise _cannot(f"Sổ không có danh sách “{name}”.", "list")
    return found


def asks_more(built: Built, query: ListQuery) -> bool:
    """Say whether a list has other conditions than its reader's sight, words and the bin."""
    shown = list_of(built, query.list)
    return bool(query.filters or shown.where or shown.notice)


def declared(built: Built, where: Where, *, on: date) -> Q:
    """Return the condition that a list or a figure declares, as it holds on a day."""
    found = Q()
    for one in spelled(built, where, on=on):
        found &= _one(built, one, frozenset())
    return found


def noticed(built: Built, notice: Notice, *, on: date) -> Q:
    """Return the condition under which a notice holds for a record on a day."""
    found = Q(row_gone=None) & declared(built, notice.where, on=on)
    if notice.beside is None:
        return found
    others = besides.registry_of(built, notice.beside)
    wanted = Q(row_gone=None) & declared(others, notice.beside.where, on=on)
    return found & besides.number(built, notice.beside, others, wanted)


def spelled(built: Built, where: Where, *, on: date) -> tuple[Filter, ...]:
    """Return a declared condition as the filters that a reader would set on a day."""
    return tuple(one for path, words_ in where.items() for one in _spelled(built, path, words_, on))


def _spelled(built: Built, path: str, words_: Sequence[str], on: date) -> Iterator[Filter]:
    one = built.column(path).one
    if one is None:
        return
    asked = condition_of(one, words_)
    if asked.how in ("any", "not"):
        how: Literal["any", "not"] = "not" if asked.how == "not" else "any"
        yield Filter(path=path, how=how, values=asked.values)
        return
    first, last = asked.days(on)
    if first is not None:
        yield Filter(path=path, how="from", values=(f"{first:%d/%m/%Y}",))
    if last is not None:
        yield Filter(path=path, how="to", values=(f"{last:%d/%m/%Y}",))


def _one(built: Built, one: Filter, hidden: frozenset[str]) -> Q:
    column = built.by_path.get(one.path)
    if column is None or column.one is None:
        raise _cannot(f"Sổ không có ô “{one.path}” để lọc.", one.path)
    if column.path in hidden:
        raise _cannot("Ô này được che với tài khoản này nên không lọc theo nó được.", one.path)
    if one.how in _NEVER.get(column.kind, ()) or (one.how == "begins" and column.kind != "text"):
        raise _cannot("Ô này không lọc theo cách ấy được.", one.path)
    if one.how in ("blank", "filled"):
        return Q(**{f"{column.name}__isnull": one.how == "blank"})
    try:
        return _HOW[one.how](
            column, tuple(_typed(built, column, text, one.how) for text in one.values if text)
        )
    except Wrong as wrong:
        raise _cannot(wrong.say, one.path) from None


def _typed(built: Built, column: Column, text: str, how: str) -> Any:  # noqa: ANN401 a value of the column's kind
    one = column.one
    if one is None or column.kind in ("text", "text[]", "reference"):
        return text
    if column.kind == "yes_no":
        return _yes_or_no(one.title, text)
    if one.type == "chainage":
        return type_of(one).parse(one, text, values.context(built))
    if column.kind.startswith("number"):
        if not _NUMBER.fullmatch(text.strip()):
            raise Wrong(f"{one.title}: “{text[:30]}” không phải số.")
        return Decimal(text.strip().replace(",", "."))
    if one.type == "moment" and how in _HOURS and _DAY.fullmatch(text):
        text = f"{text.strip()} {_HOURS[how]}"
    return type_of(one).parse(
        one.replace(not_before="", not_after="", min="", max=""), text, values.context(built)
    )


def _yes_or_no(title: str, text: str) -> bool:
    said = text.strip().lower()
    if said not in _YES | _NO:
        raise Wrong(f"{title}: “{text[:30]}” không phải có hoặc không.")
    return said in _YES


def _is(column: Column, given: tuple[Any, ...]) -> Q:
    if not given:
        return Q()
    if column.kind.endswith("[]"):
        return Q(**{f"{column.name}__overlap": list(given)})
    if len(given) == 1:
        return Q(**{column.name: given[0]})
    return Q(**{f"{column.name}__in": list(given)})


def _not(column: Column, given: tuple[Any, ...]) -> Q:
    return ~_is(column, given) | Q(**{f"{column.name}__isnull": True}) if given else Q()


def _from(column: Column, given: tuple[Any, ...]) -> Q:
    return Q(**{f"{column.name}__gte": given[0]}) if given else Q()


def _to(column: Column, given: tuple[Any, ...]) -> Q:
    if not given:
        return Q()
    if isinstance(given[0], datetime):
        return Q(**{f"{column.name}__lt": given[0] + timedelta(minutes=1)})
    return Q(**{f"{column.name}__lte": given[0]})


def _begins(column: Column, given: tuple[Any, ...]) -> Q:
    if not given or column.kind != "text":
        return Q()
    text = str(given[0])
    return Q(**{f"{column.name}__gte": text, f"{column.name}__lt": text + "\U0010ffff"})


_HOW: Final[dict[str, Callable[[Column, tuple[Any, ...]], Q]]] = {
    "is": _is,
    "any": _is,
    "not": _not,
    "from": _from,
    "to": _to,
    "begins": _begins,
}


def _cannot(what: str, path: str) -> Invalid:
    return Invalid(
        code="registries.bad_filter",
        what=what,
        mend="Hãy bỏ hoặc sửa điều kiện lọc này.",
        problems=(Problem(field=path, say=what),),
    )
