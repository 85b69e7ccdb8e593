"""What no two records share: lines of a sheet that hold what another record or line holds."""

from collections.abc import Iterator

from cuaso.capabilities.registries.logic.exchanging.writing import loading
from cuaso.capabilities.registries.logic.exchanging.writing.loading import Alone, Key
from cuaso.capabilities.registries.logic.exchanging.writing.portions import Brought, Fault, Portion
from cuaso.capabilities.registries.logic.storing.building import Built


class Taken:
    """Remembers through a whole sheet which line was first to hold a value."""

    def __init__(self, built: Built) -> None:
        self._built = built
        self._sets: list[tuple[Alone, dict[Key, int]]] = [(one, {}) for one in loading.alone(built)]

    def refuse(self, portion: Portion, brought: dict[int, Brought]) -> None:
        """Tell, in the order of the lines, which of a portion hold what is taken: a new record is
        then brought no more. The records are asked with one question for each set of fields.
        """
        for one, taken in self._sets:
            asked = dict(sorted(_asked(one, portion, brought)))
            held = loading.holders(self._built, one, set(asked.values()))
            titles = ", ".join(f"“{self._built.declared.titled(path)}”" for path in one.paths)
            for at, value in asked.items():
                found, line = brought.get(at), portion.lines[at]
                row, holder = found.row if found else None, held.get(value)
                if value in taken:
                    say = f"{titles} trùng với dòng {taken[value]} của chính bảng này."
                elif holder is not None and (row is None or row.row_id != holder):
                    say = f"{titles} đã có trong sổ, ở một bản ghi khác."
                else:
                    taken[value] = line.number
                    continue
                if found is None:
                    del portion.added[at]
                    found = brought[at] = Brought(line, None)
                found.faults = [Fault(line.number, one.paths[0], "", say)]


def _asked(one: Alone, portion: Portion, brought: dict[int, Brought]) -> Iterator[tuple[int, Key]]:
    """Yield lines that would be written, with their value where no part of it is missing."""
    columns = [portion.read.columns[column.name] for column in one.columns if portion.added]
    for at in portion.added:
        value = tuple(values[at] for values in columns)
        if None not in value:
            yield at, value
    for at, found in brought.items():
        if found.agency and not found.faults and (known := one.value_of(found.columns)):
            yield at, known
