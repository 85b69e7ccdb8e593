"""Judges many rows of one section at once, a column at a time, as `Section.judge` does one.

It does not say what is wrong with a row, only that something is.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from cuaso.capabilities.registries.logic.exchanging.values.conditions import Asked, Section, Top
from cuaso.declarations.expressions import Undecided, blank
from cuaso.declarations.fields import Wrong, compute, type_of

_NOT: Final = object()
Columns = dict[str, list[Any]]


class Judging:
    """`leaves`: the typed values of each field, changed where something is worked out or hidden.
    `wrong` are the numbers of the rows in which anything is not right.
    """

    def __init__(
        self, section: Section, rules: Iterable[Asked], leaves: Columns, size: int
    ) -> None:
        self.section, self.rules, self.leaves, self.size = section, rules, leaves, size
        self.wrong: set[int] = set()
        # Where a field with a condition is shown.
        self._shown: dict[str, list[bool | None]] = {}

    def judge(self) -> None:
        """Work out what is computed, empty what is hidden, ask for what is owed and the rules."""
        tops = self.section.tops
        for top in tops:
            if top.agrees:
                self._agree(top)
        self._compute()
        for top in tops:
            if top.when is not None:
                self._hide(top, top.when)
        if self._shown:
            self._compute()
        for top in tops:
            self._require(top)
        for asked in self.rules:
            self._mark_unless(asked.of_each(self.leaves, self.size, unknown=True))

    def _mark_unless(self, answers: Sequence[bool | None]) -> None:
        if answers.count(True) != self.size:
            self.wrong.update(at for at, answer in enumerate(answers) if answer is not True)

    def _mark_undecided(self, answers: Sequence[bool | None]) -> None:
        if None in answers:
            self.wrong.update(at for at, answer in enumerate(answers) if answer is None)

    def _agree(self, top: Top) -> None:
        paths = [path for path, _ in top.leaves]
        names = [path.partition(".")[2] for path in paths]
        kind, context = type_of(top.one), self.section.context

        def agrees(key: tuple[Any, ...]) -> object:
            try:
                kind.agree(top.one, dict(zip(names, key, strict=True)), context)
            except Wrong:
                return _NOT
            return None

        said = self._each(paths, agrees)
        self.wrong.update(at for at, one in enumerate(said) if one is _NOT)

    def _compute(self) -> None:
        for top in self.section.tops:
            if top.made is None:
                continue
            formula, asked = top.made

            def made(key: tuple[Any, ...]) -> object:
                try:
                    return compute(top.one, formula, asked.names(asked.leaves_of(key)))  # noqa: B023
                except (Wrong, Undecided):
                    return _NOT

            shown = self._shown.get(top.name) or [True] * self.size
            values = [
                value if seen is True else None
                for seen, value in zip(shown, self._each(asked.reads, made), strict=True)
            ]
            self.wrong.update(at for at, one in enumerate(values) if one is _NOT)
            self.leaves[top.name] = [None if one is _NOT else one for one in values]

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

    def _hide(self, top: Top, when: Asked) -> None:
        """Empty a field where its condition says so."""
        shown = when.of_each(self.leaves, self.size, unknown=False)
        if shown.count(True) == self.size:
            return
        self._mark_undecided(shown)
        for path, empty in top.empty.items():
            values = self.leaves[path]
            if values.count(empty) != self.size:
                self.leaves[path] = [
                    value if seen is True else empty
                    for seen, value in zip(shown, values, strict=True)
                ]
        self._shown[top.name] = shown

    def _require(self, top: Top) -> None:
        if isinstance(top.needed, Asked):
            needed: Sequence[object] = top.needed.of_each(self.leaves, self.size, unknown=False)
            self._mark_undecided(needed)  # type: ignore[arg-type] # answers
        elif top.needed or top.compound:
            needed = [top.needed] * self.size
        else:
            return
        if top.compound:
            values = [self.leaves[path] for path, _ in top.leaves]
            filled = [any(not blank(one) for one in row) for row in zip(*values, strict=True)]
            needed = [one is True or two for one, two in zip(needed, filled, strict=True)]
        shown = self._shown.get(top.name)
        for path, part in top.leaves:
            if not top.compound or part.required is True:
                self._mark_owed(needed, self.leaves[path], shown)

    def _mark_owed(
        self, needed: Sequence[object], values: Sequence[Any], shown: Sequence[object] | None
    ) -> None:
        # What is true is there; only the rest is looked at.
        if all(values):
            return
        self.wrong.update(
            at
            for at, (asked, value) in enumerate(zip(needed, values, strict=True))
            if asked is True and blank(value) and (shown is None or shown[at] is True)
        )
