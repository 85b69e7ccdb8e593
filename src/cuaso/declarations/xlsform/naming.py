"""What the questions of a form are called: each name once in the whole form, as `${…}` needs it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cuaso.declarations.fields import Field, type_of
from cuaso.declarations.registries import Registry
from cuaso.declarations.xlsform.xpath import Known


@dataclass
class Names:
    """The names of one registry's form by the paths of the registry (`owner.full_name`)."""

    by_path: dict[str, Known] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Registry) -> "Names":
        found = cls()
        taken: set[str] = set()
        for path, one in _questions(registry.fields):
            found.by_path[path] = Known(_free(path.replace(".", "_"), taken), _kind(one))
        for group in registry.groups:
            found.groups[group] = _free(group, taken)
        for group, declared in registry.groups.items():
            for path, one in _questions(declared.fields):
                plain = path.replace(".", "_")
                name = _free(plain if plain not in taken else f"{group}_{plain}", taken)
                found.by_path[f"{group}.{path}"] = Known(name, _kind(one))
        for part in registry.parts:
            found.parts[part] = _free(part if part not in taken else f"{part}_part", taken)
        return found

    def called(self, path: str) -> str:
        """Return the name of the question at a path."""
        return self.by_path[path].path

    def on_record(self, registry: Registry) -> Mapping[str, Known]:
        """Return what an expression of the record may read."""
        return {
            path: one
            for path, one in self.by_path.items()
            if path.partition(".")[0] in registry.fields
        }

    def in_rows(self, registry: Registry, group: str) -> Mapping[str, Known]:
        """Return what an expression of a group may read: its own row, and the record."""
        rows = {
            f"item.{path.partition('.')[2]}": one
            for path, one in self.by_path.items()
            if path.partition(".")[0] == group
        }
        record = self.on_record(registry)
        return {**record, **{f"record.{path}": one for path, one in record.items()}, **rows}


def _questions(fields: Mapping[str, Field]) -> Iterator[tuple[str, Field]]:
    for name, one in fields.items():
        yield name, one
        yield from ((f"{name}.{part}", inner) for part, inner in type_of(one).parts(one).items())


def _kind(one: Field) -> str:
    return one.as_ if one.type == "computed" else one.type


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free
