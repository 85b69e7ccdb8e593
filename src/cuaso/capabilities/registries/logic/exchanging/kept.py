"""Lists and records remembered while one sheet is read: each code, each key is asked for once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from psycopg import sql

from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.codes import PLACES
from cuaso.declarations.fields import CodeLists, Context, Linked, Option, Record
from cuaso.kernel.errors import NotFound
from cuaso.kernel.text import one_line


def context(built: Built, *, lists: "KeptLists | None" = None) -> Context:
    """Return the context of this registry with a memory for as long as it is held; `lists` may be
    those of another one.
    """
    here = values.context(built)
    pack = built.key.partition("/")[0]
    return Context(
        today=here.today,
        lists=lists or KeptLists(here.lists),
        records=KeptRecords(pack),
        names=here.names,
        language=here.language,
    )


class KeptLists:
    """Code lists that are read once.

    The full name of a commune of the day, as the template offers it, is that commune; any other
    name is asked for as a form asks.
    """

    def __init__(self, lists: CodeLists) -> None:
        self._lists = lists
        self._found: dict[tuple[str, str, date], Option | None] = {}
        self._options: dict[tuple[str, date], Sequence[Option]] = {}

    def find(self, list_id: str, code: str, day: date) -> Option | None:
        """Return the option of a code valid on a day."""
        key = (list_id, code, day)
        if key not in self._found:
            self._found[key] = self._named(list_id, code, day) or self._lists.find(
                list_id, code, day
            )
        return self._found[key]

    def _named(self, list_id: str, name: str, day: date) -> Option | None:
        if list_id not in PLACES or name.isdecimal():
            return None
        same = [one for one in self.options(list_id, day) if one.label == name]
        return same[0] if len(same) == 1 else None

    def options(self, list_id: str, day: date) -> Sequence[Option]:
        """Return the options valid on a day, in order."""
        key = (list_id, day)
        if key not in self._options:
            self._options[key] = self._lists.options(list_id, day)
        return self._options[key]


class KeptRecords(values.HouseRecords):
    """Records found many at once by `learn`, and remembered."""

    def __init__(self, pack: str) -> None:
        super().__init__(pack)
        self._known: dict[tuple[str, str], Record | None] = {}
        self._options: dict[tuple[str, str, int], Sequence[Record]] = {}
        self._facts: dict[tuple[str, str, tuple[str, ...]], Mapping[str, object]] = {}

    def find(self, registry: str, key_or_id: str) -> Record | None:
        """Return the record of a key or an id, also one in the bin when asked by id."""
        asked = (registry, key_or_id)
        if asked not in self._known:
            self._known[asked] = super().find(registry, key_or_id)
        return self._known[asked]

    def options(self, registry: str, words_: str, limit: int) -> Sequence[Record]:
        """Return records whose words begin with the given ones, by their key."""
        asked = (registry, words_, limit)
        if asked not in self._options:
            self._options[asked] = super().options(registry, words_, limit)
        return self._options[asked]

    def facts(self, registry: str, id: str, names: Sequence[str]) -> Mapping[str, object]:
        """Return the values of some fields of a record, None where there is none; a name may lead
        on through a reference (`class_now.grade`).
        """
        asked = (registry, id, tuple(names))
        if asked not in self._facts:
            found = dict(super().facts(registry, id, names))
            on = {name: self._further(registry, id, name) for name in names if found[name] is None}
            self._facts[asked] = found | on
        return self._facts[asked]

    def _further(self, registry: str, id: str, name: str) -> object:
        head, _, rest = name.partition(".")
        one = self._built(registry).declared.fields.get(head)
        if one is None or not one.to or not rest:
            return None
        to = named(self._built(registry), one.to)
        link = self.facts(registry, id, [head])[head]
        return self.facts(to, str(link.id), [rest])[rest] if isinstance(link, Linked) else None

    def learn(self, registry: str, texts: Iterable[str]) -> None:
        """Look many keys up with one query."""
        asked = {one_line(text)[:200] for text in texts}
        asked = {text for text in asked if text and (registry, text) not in self._known}
        if not asked:
            return
        built = self._built(registry)
        for id, key in _by_key(built, sorted(asked)):
            self._known.setdefault((registry, key), Record(id=str(id), key=key, label=key))


def _by_key(built: Built, keys: list[str]) -> list[tuple[Any, str]]:
    column = values.one_key(built)
    if column.kind not in ("text", "reference"):
        return []
    name = sql.Identifier(column.name)
    statement = sql.SQL(
        "select distinct on ({0}) row_id, {0} from {1}"
        " where row_gone is null and {0} = any(%s) order by {0}, row_id"
    ).format(name, sql.Identifier(built.table))
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None), [keys])
        return list(cursor.fetchall())


def named(built: Built, registry: str) -> str:
    """Return the key of the registry that a reference of `built` names."""
    return registry if "/" in registry else f"{built.key.partition('/')[0]}/{registry}"


def some_keys(built: Built, registry: str, most: int) -> list[str]:
    """Return keys of records that a reference of `built` may name, none of an unknown registry."""
    try:
        target = sets.built(named(built, registry))
    except NotFound:
        return []
    name = values.one_key(target).name
    rows = target.live.objects.filter(row_gone=None).order_by("row_id")
    return [str(key) for key in rows.values_list(name, flat=True)[:most] if key is not None]
