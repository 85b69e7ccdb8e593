"""Which elements and code lists of the dictionary a registry uses, as the dictionary keeps it."""

from collections.abc import Iterator

from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.registries import RegistryField
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.dictionary.contracts import UseEntry
from cuaso.kernel.actors import Actor


def write_uses(built: Built, *, actor: Actor) -> None:
    """Make the dictionary know every field of a registry, also those that name no element yet."""
    dictionary.record_uses(f"registry:{built.key}", _uses(built), actor=actor)


def _uses(built: Built) -> Iterator[UseEntry]:
    for name, one in built.declared.fields.items():
        yield _use(built, name, one)
    for group_name, group in built.declared.groups.items():
        for name, one in group.fields.items():
            yield _use(built, f"{group_name}.{name}", one)


def _use(built: Built, path: str, one: RegistryField) -> UseEntry:
    return UseEntry(
        kind="registry",
        system=built.key,
        system_title=built.declared.title,
        path=path,
        title=one.title,
        element_key=one.element,
        codes=one.codes or (one.level if one.type == "place" else ""),
    )
