"""Reads many new rows at once, a column at a time: what `Reading.read` says of each that is right.

Every different text of a column is read once, every expression is asked once for each set of values
that it reads. A row in which anything is wrong is left to `Reading.read`, which says what.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from cuaso.capabilities.registries.logic.exchanging import placing
from cuaso.capabilities.registries.logic.exchanging.conditions import Asked, Top
from cuaso.capabilities.registries.logic.exchanging.grouped import GroupReader
from cuaso.capabilities.registries.logic.exchanging.reading import Reading
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.expressions import Undecided, blank
from cuaso.declarations.fields import Wrong, compute, type_of
from cuaso.declarations.shape import Loose
from cuaso.kernel.text import words

_NOT: Final = object()
_KEPT: Final = placing.KEPT
Leaves = dict[str, list[Any]]


class Columnwise:
    """Reads portions of new rows for a `Reading`, whose memory it shares."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        conditions = [*reading.section.conditions(), *(asked for _, asked in reading.rules)]
        read = {path[0] for one in conditions for path in one.compiled.paths}
        self._groups = {
            path: GroupReader(reading.form, reading.fields[path], reading.context, reading.outside)
            for path in reading.built.declared.groups
            if path not in read
        }
        self._words: dict[str, frozenset[str]] = {}
        self._orders: dict[str, dict[str, str]] = {}

    def read(self, rows: Sequence[Sequence[str]]) -> list[dict[str, Any] | None]:
        """Return the columns of each row (texts without white space around), None where it is to be
        read by itself.
        """
        if self.reading.built.standing_twins:
            return [None] * len(rows)
        return _Portion(self, rows).read()

    def group(self, path: str) -> GroupReader | None:
        """Return what reads the cells of a group; None when it and the rest read each other."""
        reader = self._groups.get(path)
        return reader if reader is not None and reader.apart else None

    def order(self, name: str, texts: Iterable[str]) -> dict[str, str]:
        """Return the place of each text in Vietnamese order."""
        pieces = self._orders.setdefault(name, {})
        return {text: placing.order(text, pieces) for text in texts}

    def quoted(self, text: str) -> frozenset[str]:
        """Return the folded words of a text, each as a tsvector is written."""
        known = self._words
        found: list[str] = []
        for piece in text.split():
            quoted = known.get(piece)
            if quoted is None:
                if len(known) > _KEPT:
                    known.clear()
                quoted = known[piece] = frozenset(f"'{word}'" for word in words(piece))
            found += quoted
        return frozenset(found)


class _Portion:
    """One portion of rows on its way: `wrong` are the rows that are to be read by themselves."""

    def __init__(self, reader: Columnwise, rows: Sequence[Sequence[str]]) -> None:
        self.reader, self.reading, self.rows = reader, reader.reading, rows
        self.size = len(rows)
        self.wrong: set[int] = set()
        self.leaves: Leaves = {}
        self.groups: dict[str, list[Any]] = {}
        # Where a field with a condition is shown.
        self.shown: dict[str, list[object]] = {}

    def read(self) -> list[dict[str, Any] | None]:
        self._parse()
        self._read_groups()
        self._judge()
        whole = self._columns()
        names = list(whole)
        every = zip(*whole.values(), strict=True)
        wrong = self.wrong
        return [
            None if number in wrong else dict(zip(names, one, strict=True))
            for number, one in enumerate(every)
        ]

    def _texts(self, at: int) -> list[str]:
        return [row[at] if at < len(row) else "" for row in self.rows]

    def _parse(self) -> None:
        for path, empty in self.reading.empty.items():
            self.leaves[path] = [empty] * self.size
        for at, path, reader in self.reading.simple:
            texts, empty = self._texts(at), self.reading.empty[path]
            found = {text: _read(reader.read, text) for text in dict.fromkeys(texts) if text}
            found[""] = empty
            strange = {text for text, value in found.items() if value is _NOT}
            if strange:
                self.wrong.update(number for number, one in enumerate(texts) if one in strange)
                found.update(dict.fromkeys(strange, empty))
            self.leaves[path] = list(map(found.__getitem__, texts))

    def _mark(self, values: Iterable[object]) -> None:
        self.wrong.update(at for at, value in enumerate(values) if value is _NOT)

    def _read_groups(self) -> None:
        for path, group in self.reading.built.declared.groups.items():
            self.groups[path] = [[]] * self.size
            at = self.reading.given.index(path) if path in self.reading.given else -1
            texts = self._texts(at) if at >= 0 else [""] * self.size
            reader = self.reader.group(path)
            if reader is None:
                self.wrong.update(
                    number for number, text in enumerate(texts) if text or group.min or group.when
                )
                continue
            rows = [reader.read(text) for text in texts]
            self.wrong.update(number for number, one in enumerate(rows) if one is None)
            self.groups[path] = rows

    def _judge(self) -> None:
        tops = self.reading.section.tops
        for top in tops:
            if top.agrees:
                self._agree(top)
        self._compute()
        for top in tops:
            if top.when is not None:
                self._hide(top, top.when)
        if self.shown:
            self._compute()
        for top in tops:
            self._require(top)
        for _, asked in self.reading.rules:
            self._mark(_unless_yes(self._answers(asked, unknown=True)))

    def _agree(self, top: Top) -> None:
        paths = [path for path, _ in top.leaves]
        names = [path.partition(".")[2] for path in paths]
        kind, context = type_of(top.one), self.reading.context

        def agrees(key: tuple[Any, ...]) -> object:
            try:
                kind.agree(top.one, dict(zip(names, key, strict=True)), context)
            except Wrong:
                return _NOT
            return None

        self._mark(self._each(paths, agrees))

    def _compute(self) -> None:
        for top in self.reading.section.tops:
            if top.made is None:
                continue
            formula, asked = top.made

            def made(key: tuple[Any, ...]) -> object:
                try:
                    return compute(top.one, formula, asked.names(asked.leaves_of(key)))  # noqa: B023
                except (Wrong, Undecided):
                    return _NOT

            shown = self.shown.get(top.name) or [True] * self.size
            values = [
                value if seen is True else None
                for seen, value in zip(shown, self._each(asked.reads, made), strict=True)
            ]
            self._mark(values)
            self.leaves[top.name] = [None if one is _NOT else one for one in values]

    def _hide(self, top: Top, when: Asked) -> None:
        """Empty a field where its condition says so."""
        shown = self._answers(when, unknown=False)
        if all(one is True for one in shown):
            return
        self._mark(shown)
        for path, empty in top.empty.items():
            self.leaves[path] = [
                value if seen is True else empty
                for seen, value in zip(shown, self.leaves[path], strict=True)
            ]
        self.shown[top.name] = shown

    def _require(self, top: Top) -> None:
        shown = self.shown.get(top.name)
        needed: Sequence[object]
        if isinstance(top.needed, Asked):
            needed = self._answers(top.needed, unknown=False)
            self._mark(needed)
        else:
            needed = [top.needed] * self.size
        begun = needed
        if top.compound:
            values = [self.leaves[path] for path, _ in top.leaves]
            filled = [any(not blank(one) for one in row) for row in zip(*values, strict=True)]
            begun = [one is True or two for one, two in zip(needed, filled, strict=True)]
        elif top.needed is False:
            return
        for path, part in top.leaves:
            if top.compound and part.required is not True:
                continue
            self.wrong.update(
                number
                for number, (asked, value) in enumerate(zip(begun, self.leaves[path], strict=True))
                if asked is True
                and (value is None or blank(value))
                and (shown is None or shown[number] is True)
            )

    def _answers(self, asked: Asked, *, unknown: bool) -> list[object]:
        def answer(key: tuple[Any, ...]) -> object:
            try:
                return asked.holds(asked.leaves_of(key), unknown=unknown)
            except Undecided:
                return _NOT

        return self._each(asked.reads, answer)

    def _each(self, paths: Sequence[str], ask: Callable[[tuple[Any, ...]], object]) -> list[object]:
        """Return an answer for each row, asked once for the same values."""
        if not paths:
            return [ask(())] * self.size
        keys = list(zip(*(self.leaves[path] for path in paths), strict=True))
        try:
            found = {key: ask(key) for key in set(keys)}
        except TypeError:
            return [ask(key) for key in keys]
        return list(map(found.__getitem__, keys))

    def _columns(self) -> dict[str, list[Any]]:
        whole: dict[str, list[Any]] = {}
        for column in self.reading.built.columns:
            if column.one is None:
                whole[column.name] = self.groups.get(column.path, [[]] * self.size)
                continue
            values = self.leaves.get(column.path) or [None] * self.size
            whole |= self._placed(column, values)
        whole["row_words"] = self._lexemes(whole)
        return whole

    def _placed(self, column: Column, values: list[Any]) -> dict[str, list[Any]]:
        name, beside = column.name, column.beside[0]
        if column.ordered:
            kept = [value or None for value in values]
            orders: dict[Any, Any] = dict(self.reader.order(name, {one for one in kept if one}))
            orders[None] = None
            return {name: kept, beside: list(map(orders.__getitem__, kept))}
        if placing.is_plain(column):
            if column.kind == "text":
                values = [value or None for value in values]
            return {name: values}
        written = [column.write(_none(value)) for value in values]
        return {one: [row[one] for row in written] for one in column.names}

    def _lexemes(self, whole: Mapping[str, list[Any]]) -> list[str]:
        quoted = []
        for name in self.reading.searched:
            values = whole[name]
            found = {
                value: self.reader.quoted(str(value)) for value in set(values) if value is not None
            }
            found[None] = frozenset()
            quoted.append(list(map(found.__getitem__, values)))
        if not quoted:
            return [""] * self.size
        return [" ".join(sorted(frozenset().union(*sets))) for sets in zip(*quoted, strict=True)]


def _none(value: Loose) -> Loose:
    return None if value in ("", ()) else value


def _unless_yes(answers: Iterable[object]) -> Iterable[object]:
    return (answer if answer is True else _NOT for answer in answers)


def _read(read: Callable[[str], object], text: str) -> object:
    try:
        return read(text)
    except Wrong:
        return _NOT
