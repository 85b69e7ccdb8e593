"""Numbers that the house gives: the next one of a field whose form says how it is written."""

import re
from typing import Any, Final

from django.db import connection, models
from django.db.models import Max

from cuaso.capabilities.registries.contracts import Texts
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.registries import RECORD, numbered_form
from cuaso.declarations.shape import Loose

_LOCK: Final = "select pg_advisory_xact_lock(hashtext(%s))"


def numbered(built: Built) -> tuple[str, ...]:
    """Return the fields whose number the house gives when it is left empty."""
    return tuple(name for name, one in built.declared.fields.items() if one.numbered)


def given(built: Built, values: Texts | dict[str, Loose]) -> dict[str, Any]:
    """Return the values with the next number in each numbered field that was left empty.

    Whoever else asks for a number of this registry waits until the transaction ends.
    """
    filled: dict[str, Any] = dict(values)
    for name in numbered(built):
        path = f"{RECORD}.{name}" if f"{RECORD}.{name}" in filled else name
        if not str(filled.get(path) or "").strip():
            filled[path] = _next(built, name)
    return filled


def _next(built: Built, name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [built.table])
    head, digits = numbered_form(built.declared.fields[name].pattern)
    column = built.column(name).name
    last = max(
        filter(None, (_last(one, column, head, digits) for one in (built.live, built.past))),
        default="",
    )
    number = int(last.removeprefix(head) or "0") + 1
    return f"{head}{number:0{digits}}"


def _last(model: type[models.Model], column: str, head: str, digits: int) -> str | None:
    form = f"^{re.escape(head)}[0-9]{{{digits}}}$"
    rows = model._default_manager.filter(**{f"{column}__regex": form})  # noqa: SLF001 Django's own door
    found: str | None = rows.aggregate(last=Max(column))["last"]
    return found
