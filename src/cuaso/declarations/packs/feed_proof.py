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
    "posts": {
        "person": "person",
        "organisation": "reference",
        "post": "choice",
        "since": "date",
        "until": "date",
    },
    "decisions": {"official": "reference", "act": "choice", "effective": "date"},
    "places": {"place": "place", "boundary": "polygon", "position": "point"},
}


# The one key of a feed that names a step of status, not a field.
_STEP: Final = "move"


def feed_faults(registry: Registry) -> Iterator[Fault]:
    """Yield every fault of `feeds`: place, what is wrong, remedy."""
    for part, types in _TYPES.items():
        one: Declaration | None = getattr(registry.feeds, part, None)
        if one is None:
            continue
        for key, path in one:
            if not isinstance(path, str) or not path or key == _STEP:
                continue
            found = registry.fields.get(path)
            if found is None:
                what = f"Sổ không có ô “{path}”."
                yield ("feeds", part, key), what, suggestion(path, registry.fields)
            elif types.get(key, found.type) != found.type:
                what = f"Ô “{path}” không phải ô kiểu {types[key]}."
                yield ("feeds", part, key), what, f"Hãy nêu một ô kiểu {types[key]}."
    yield from _step_faults(registry)
    yield from _national_faults(registry)


def _step_faults(registry: Registry) -> Iterator[Fault]:
    decisions = registry.feeds.decisions if registry.feeds else None
    moves = registry.statuses.moves if registry.statuses else {}
    if decisions is not None and decisions.move not in moves:
        what = f"Sổ không có bước “{decisions.move}”."
        yield ("feeds", "decisions", _STEP), what, suggestion(decisions.move, moves)


def _national_faults(registry: Registry) -> Iterator[Fault]:
    national = registry.feeds.national if registry.feeds else None
    for path in national.fields if national else ():
        if path not in registry.fields:
            what = f"Sổ không có ô “{path}”."
            yield ("feeds", "national", "fields"), what, suggestion(path, registry.fields)
