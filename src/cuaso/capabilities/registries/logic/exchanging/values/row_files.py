"""Files in the rows of groups: a cell names them, a record holds their ids."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

from cuaso.capabilities.registries.logic.exchanging.values.cells import SheetField, group_files
from cuaso.capabilities.registries.logic.exchanging.values.file_names import names_of
from cuaso.declarations.fields import Field, Wrong

Posted = dict[str, str | list[str]]
# Returns the id of a file and "", or "" and what is wrong; None for a name that did not come.
Find = Callable[[Field, str], tuple[str, str] | None]
_MEND: Final = "Hãy nén (ZIP) bảng tính cùng các tệp rồi gửi lại."


class RowFiles:
    """Puts ids where the rows of a cell name files: those that came with the sheet by `find`, and
    those that the record holds there already.
    """

    def __init__(self, find: Find | None = None) -> None:
        self._find = find

    def placed(self, field: SheetField, said: Posted, held: Posted) -> Posted:
        """Return the rows of a cell with ids of files; both are rows as a form sends them, `held`
        those of the record. A row that says nothing of its files keeps them where the record has a
        row that is the same otherwise. Raise Wrong for names of which there is no fitting file.
        """
        leaves = dict(group_files(field.group)) if field.group is not None else {}
        if not leaves:
            return said
        there = _Held(_rows(held, field.path), leaves)
        placed, wrong = dict(said), dict[str, None]()
        for number, row in _rows(said, field.path).items():
            kept = there.taken(row)
            for path, one in leaves.items():
                names = row.get(path)
                if names is None:
                    found = kept.get(path, [])
                else:
                    found, faults = self._ids(one, names, there.named)
                    wrong |= {f"{field.title}, dòng {number + 1}: {say}": None for say in faults}
                placed[f"{field.path}.{number}.{path}"] = found
        if wrong:
            raise Wrong(" ".join(wrong))
        return placed

    def _ids(
        self, one: Field, names: Iterable[str], there: Mapping[str, str]
    ) -> tuple[list[str], list[str]]:
        found, faults = dict[str, None](), []
        for name in names:
            id, say = self._file(one, name, there)
            if say:
                faults.append(say)
            else:
                found[id] = None
        return list(found), faults

    def _file(self, one: Field, name: str, there: Mapping[str, str]) -> tuple[str, str]:
        came = self._find(one, name) if self._find is not None else None
        if came is not None:
            return came
        if name.casefold() in there:
            return there[name.casefold()], ""
        if self._find is not None:
            return "", missing(one, name)
        return "", f"{one.title}: bản ghi chưa giữ tệp “{name}”. {_MEND}"


def missing(one: Field, name: str) -> str:
    """Return what is said of a name that no file in an archive has."""
    return f"{one.title}: tệp nén không có “{name}”. Hãy thêm tệp hoặc sửa tên."


class _Held:
    """The rows of a record, and its files there by what a cell calls them."""

    def __init__(
        self, rows: Mapping[int, Mapping[str, str | list[str]]], leaves: Mapping[str, Field]
    ) -> None:
        self._leaves = leaves
        self._rows = [(self._rest(row), self._files(row)) for row in rows.values()]
        ids = [UUID(id) for _, held in self._rows for some in held.values() for id in some]
        self.named: dict[str, str] = {}
        for id, name in names_of(ids).items():
            self.named |= {name.casefold(): str(id), str(id): str(id)}

    def taken(self, row: Mapping[str, str | list[str]]) -> Mapping[str, list[str]]:
        """Return the files of a row that is the same but for them, each row once."""
        rest = self._rest(row)
        for at, (other, held) in enumerate(self._rows):
            if rest and other == rest:
                del self._rows[at]
                return held
        return {}

    def _rest(self, row: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
        return {path: text for path, text in row.items() if text and path not in self._leaves}

    def _files(self, row: Mapping[str, str | list[str]]) -> dict[str, list[str]]:
        return {path: list(row.get(path) or []) for path in self._leaves}


def _rows(posted: Posted, group: str) -> dict[int, dict[str, str | list[str]]]:
    found: dict[int, dict[str, str | list[str]]] = {}
    for whole, text in posted.items():
        head, _, rest = whole.partition(".")
        number, _, path = rest.partition(".")
        if head == group and number.isdecimal():
            found.setdefault(int(number), {})[path] = text
    return found
