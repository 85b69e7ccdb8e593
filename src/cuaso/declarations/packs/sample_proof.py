"""Proves what a registry says of its invented records: fields that there are, codes that stand."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from cuaso.declarations.fields import Field
from cuaso.declarations.registries import RECORD, Registry
from cuaso.declarations.sampling import read_by
from cuaso.declarations.strict_yaml import Place
from cuaso.declarations.trouble import suggestion

Fault = tuple[Place, str, str]
_UNROLLED: Final = frozenset({"computed", "file"})


def sample_faults(registry: Registry, *, codes: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Yield every fault of `samples`: place, what is wrong, remedy."""
    taken: dict[str, str] = {}
    for table, lines in registry.samples.items():
        for number, line in enumerate(lines):
            for path, values in line.items():
                place: Place = ("samples", table, number, path)
                one = _field(registry, table, path)
                asked = _read(registry, table, _head(path))
                if one is None and asked and (asked.to or path.startswith(f"{RECORD}.")):
                    continue
                if one is None or one.type in _UNROLLED:
                    what = f"Không có ô “{path}” để điền mẫu."
                    yield place, what, suggestion(path, registry.fields)
                    continue
                yield from _unread(registry, table, values, place)
                yield from _uncoded(one, values, place, codes.get(one.codes))
                whole = f"{table}.{path}" if table in registry.groups else path
                if taken.setdefault(whole, table) != table:
                    what = f"Ô “{path}” đã có trong bảng mẫu “{taken[whole]}”."
                    yield place, what, "Hãy để mỗi ô trong một bảng mẫu thôi."


def _unread(registry: Registry, table: str, values: Sequence[str], place: Place) -> Iterator[Fault]:
    """Yield the answers from which a value follows and that there are not."""
    for path in (path for value in values for path in read_by(value)):
        head = _read(registry, table, _head(path))
        if _read(registry, table, path) is None and not (head and head.to):
            yield place, f"Không có ô “{path}”.", suggestion(path, registry.fields)


def _head(path: str) -> str:
    """Return the path of the field of which a path reads a part or a referred record."""
    names = path.split(".")
    return ".".join(names[: 2 if names[0] == RECORD else 1])


def _read(registry: Registry, table: str, path: str) -> Field | None:
    """Return the field that a value reads; in a group's rows `record.` leads out of the row."""
    if path.startswith(f"{RECORD}."):
        return registry.field_at(path.removeprefix(f"{RECORD}."))
    return _field(registry, table, path)


def _uncoded(
    one: Field, values: Sequence[str], place: Place, known: Collection[str] | None
) -> Iterator[Fault]:
    """Yield codes that the field's list does not have."""
    if known is None:
        return
    said = [value for value in values if not read_by(value)]
    for code in (code for value in said for code in value.split("; ")):
        if code and code not in known:
            what = f"Danh mục “{one.codes}” không có mã “{code}”."
            yield place, what, suggestion(code, known)


def _field(registry: Registry, table: str, path: str) -> Field | None:
    return registry.held_at(f"{table}.{path}" if table in registry.groups else path)
