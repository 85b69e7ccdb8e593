"""Which procedures refer to a registry: they write records into it, or choose from them."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from django.db.models import Q

from cuaso.declarations.shape import Loose
from cuaso.kernel import clock
from cuaso.services.procedures.models import ProcedureVersion

_NAMES: Final = frozenset({"registry", "to"})


def users_of_registry(registry: str) -> tuple[str, ...]:
    """Return a sentence for each procedure in force, or still to come, that refers to a registry
    (`pack/name`).
    """
    lasting = Q(until_date=None) | Q(until_date__gte=clock.today())
    rows = ProcedureVersion.objects.filter(lasting, declaration__contains=registry)
    found = rows.order_by("code", "-from_date").values_list("code", "title", "declaration")
    named = {
        code: f"Thủ tục {code} “{title}” dùng sổ này."
        for code, title, declaration in found
        if registry in _referred(json.loads(declaration))
    }
    return tuple(named.values())


def _referred(plain: Loose) -> Iterator[str]:
    if isinstance(plain, Mapping):
        for name, inner in plain.items():
            if name in _NAMES and isinstance(inner, str):
                yield inner
            yield from _referred(inner)
    elif isinstance(plain, list):
        for inner in plain:
            yield from _referred(inner)
