"""Proves what the house takes from a registry: every name is a field of the right type."""

from collections.abc import Iterator, Mapping
from typing import Final

from cuaso.declarations.registries import Registry
from cuaso.declarations.shape import Declaration
from cuaso.declarations.strict_yaml import Place
from cuaso.declarations.trouble import suggestion

Fault = tuple[Place, str, str]
_TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "organisations": {"parent": "reference", "heir": "reference", "since": "date", "until": "date"},
    "posts": {"person": "person", "organisation": "reference", "post": "choice"},
    "places": {"place": "place", "boundary": "polygon", "position": "point"},
}


def feed_faults(registry: Registry) -> Iterator[Fault]:
    """Yield every fault of `feeds`: place, what is wrong, remedy."""
    for part, types in _TYPES.items():
        one: Declaration | None = getattr(registry.feeds, part, None)
        if one is None:
            continue
        for key, path in one:
            if not isinstance(path, str) or not path:
                continue
            found = registry.fields.get(path)
            if found is None:
                what = f"Sổ không có ô “{path}”."
                yield ("feeds", part, key), what, suggestion(path, registry.fields)
            elif types.get(key, found.type) != found.type:
                what = f"Ô “{path}” không phải ô kiểu {types[key]}."
                yield ("feeds", part, key), what, f"Hãy nêu một ô kiểu {types[key]}."
