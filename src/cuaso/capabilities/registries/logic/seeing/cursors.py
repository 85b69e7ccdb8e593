"""Where a page of a list ends, as the address of the next one says it."""

import base64
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from cuaso.capabilities.registries.logic.seeing.following import Order
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.kernel.errors import Invalid


def written(place: Iterable[Any]) -> str:
    """Return a place in the order of a list as a word of an address."""
    text = json.dumps([_said(one) for one in place], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(after: str, built: Built, orders: Sequence[Order]) -> list[Any]:
    """Return the place that a cursor names, [] for none; raise Invalid for what is no place."""
    if not after:
        return []
    try:
        held = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if not isinstance(held, list) or len(held) != len(orders):
            raise ValueError(after)  # noqa: TRY301 said in one place
        fields: list[Any] = [built.live._meta.get_field(name) for name, _ in orders]  # noqa: SLF001 Django's own documented door
        return [
            None if value is None else field.get_db_prep_value(_held(field, value), connection)
            for field, value in zip(fields, held, strict=True)
        ]
    except Exception as error:
        raise Invalid(
            code="registries.bad_list",
            what="Địa chỉ của trang sau không đọc được.",
            mend="Hãy mở lại danh sách từ đầu.",
        ) from error


def _said(value: Any) -> Any:  # noqa: ANN401 a value of any column
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _held(field: Any, value: Any) -> Any:  # noqa: ANN401 a value of any column
    """Return a value of a cursor as its column has it; raise what a column could not hold."""
    typed = field.to_python(value)
    field.run_validators(typed)
    if isinstance(typed, str) and b"\0" in typed.encode():
        raise ValueError(value)
    return typed
