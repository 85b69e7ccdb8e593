"""What holds of the fields of one section, compiled once and asked of many rows.

An expression is asked once for each set of values that it reads, as far as it sees them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from cuaso.capabilities.registries.logic.exchanging.values import placing
from cuaso.capabilities.registries.logic.exchanging.values.cells import missing
from cuaso.declarations import cel_tokens
from cuaso.declarations.expressions import Expression, Shape, Undecided, blank
from cuaso.declarations.fields import Context, Field, FieldType, Formula, Wrong, compute, type_of
from cuaso.declarations.forms import Form
from cuaso.declarations.shape import Loose

_KEPT: Final = placing.KEPT
_PLAIN: Final = (str, int, Decimal, date)
Leaves = dict[str, Any]
View = Callable[[Any], object]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where expressions stand: the record, or one row (`item`) of a group. `names` are its leaves,
    `outside` is what may be read beside them.
    """

    root: str
    section: str
    names: Sequence[str]
    outside: Mapping[str, object]

    def under(self, path: Sequence[str]) -> list[str]:
        """Return the leaves that an expression's path reads."""
        plain = path[1:]
        if not plain:
            return list(self.names)
        whole = ".".join(plain)
        for length in range(len(plain), 0, -1):
            head = ".".join(plain[:length])
            if head in self.names:
                return [head]
        return [leaf for leaf in self.names if leaf.startswith(f"{whole}.")]


class Asked:
    """An expression narrowed to what it reads, its answers remembered by the values read."""

    def __init__(self, scope: Scope, compiled: Expression) -> None:
        self.scope = scope
        root = scope.root
        self.reads: tuple[str, ...] = tuple(
            dict.fromkeys(
                leaf for path in compiled.paths if path[0] == root for leaf in scope.under(path)
            )
        )
        members = compiled.names[root].members if root in compiled.names else {}
        used = {leaf.partition(".")[0] for leaf in self.reads}
        shape = Shape(kind="map", members={name: members[name] for name in used if name in members})
        names = {**compiled.names, root: shape} if root in compiled.names else compiled.names
        self.compiled = replace(compiled, names=names)
        self.paths = tuple(".".join(path) for path in compiled.paths)
        seen = _views(compiled.text, scope)
        self.views: tuple[View | None, ...] = tuple(seen.get(leaf) for leaf in self.reads)
        self._answers: dict[bool, dict[object, bool | None]] = {True: {}, False: {}}

    def names(self, leaves: Leaves) -> dict[str, object]:
        """Return what the expression may read."""
        record: dict[str, Any] = {}
        for path in self.reads:
            head, _, part = path.partition(".")
            if part:
                record.setdefault(head, {})[part] = leaves[path]
            else:
                record[head] = leaves[path]
        return {**self.scope.outside, self.scope.root: record}

    def leaves_of(self, values: Sequence[object]) -> Leaves:
        """Return values in the order of `reads` as leaves."""
        return dict(zip(self.reads, values, strict=True))

    def holds(self, leaves: Leaves, *, unknown: bool) -> bool:
        """Say whether the expression holds; remembered for what it sees of the values."""
        key = tuple(
            leaves[path] if view is None else view(leaves[path])
            for path, view in zip(self.reads, self.views, strict=True)
        )
        try:
            found = self._known(unknown=unknown).get(key)
        except TypeError:
            return self.compiled.holds(self.names(leaves), unknown=unknown)
        if found is None:
            found = self.compiled.holds(self.names(leaves), unknown=unknown)
            self._answers[unknown][key] = found
        return found

    def of_each(
        self, columns: Mapping[str, Sequence[Any]], size: int, *, unknown: bool
    ) -> list[bool | None]:
        """Say of each of so many rows whether it holds, None where that cannot be decided."""
        read = [columns[path] for path in self.reads]
        if not read:
            return [self._decided((), unknown=unknown)] * size
        seen = [
            values if view is None else list(map(view, values))
            for values, view in zip(read, self.views, strict=True)
        ]
        keys: list[tuple[Any, ...]] = list(zip(*seen, strict=True))
        rows = keys if seen == read else zip(*read, strict=True)
        try:
            asked = dict(zip(keys, rows, strict=True))
        except TypeError:
            return [self._decided(row, unknown=unknown) for row in zip(*read, strict=True)]
        known = self._known(unknown=unknown)
        for key, row in asked.items():
            if key not in known:
                known[key] = self._decided(row, unknown=unknown)
        return list(map(known.__getitem__, keys))

    def _known(self, *, unknown: bool) -> dict[object, bool | None]:
        known = self._answers[unknown]
        if len(known) > _KEPT:
            known.clear()
        return known

    def _decided(self, values: Sequence[object], *, unknown: bool) -> bool | None:
        try:
            return self.compiled.holds(self.names(self.leaves_of(values)), unknown=unknown)
        except Undecided:
            return None


def _views(text: str, scope: Scope) -> dict[str, View]:
    """Return how an expression sees the fields of which it asks one thing only: whether they are
    there, or their year. It says the same of any two values that look the same to it.
    """
    stream = cel_tokens.tokens(text)
    seen: dict[str, set[View | None]] = {}
    for path in cel_tokens.paths(stream):
        if path.parts[0] == scope.root:
            for leaf in scope.under(path.parts):
                seen.setdefault(leaf, set()).add(_view(stream, path))
    return {leaf: view for leaf, (view, *more) in seen.items() if view is not None and not more}


def _view(stream: Sequence[cel_tokens.Token], path: cel_tokens.Path) -> View | None:
    before = "".join(token.text for token in stream[max(path.first - 2, 0) : path.first])
    behind = "".join(token.text for token in stream[path.last + 1 : path.last + 3])
    if before == "blank(" and behind.startswith(")"):
        return _presence
    return _year if stream[path.last].text == "getFullYear" and behind == "()" else None


def _presence(value: object) -> object:
    return not blank(value) if value is None or isinstance(value, _PLAIN) else value


def _year(value: object) -> object:
    return value.year if type(value) is date else value


@dataclass(frozen=True, kw_only=True)
class Top:
    """A field of the section: its leaves (itself or its parts) and its conditions, compiled."""

    name: str
    one: Field
    leaves: tuple[tuple[str, Field], ...]
    compound: bool
    agrees: bool
    empty: Leaves
    when: Asked | None
    needed: bool | Asked
    made: tuple[Formula, Asked] | None


class Section:
    """The fields of one section as they stand on the day of a context."""

    def __init__(
        self, form: Form, section: str, root: str, context: Context, outside: Mapping[str, object]
    ) -> None:
        self.form, self.context = form, context
        every = form.sections[section].fields
        standing = {name: one for name, one in every.items() if one.stands_on(context.today)}
        self.empty: Leaves = {
            leaf: () if type_of(part).many else None
            for name, one in standing.items()
            for leaf, part in leaves_of(name, one)
        }
        self.scope = Scope(
            root=root, section=section, names=tuple(self.empty), outside={**outside, root: None}
        )
        self.tops = [self._top(name, one) for name, one in standing.items()]

    def asked(self, text: str, *, inside: bool = True) -> Asked:
        """Return an expression of the section, or of the form as a whole."""
        section = self.scope.section if inside else ""
        return Asked(self.scope, self.form.expression(text, section=section))

    def conditions(self) -> Iterable[Asked]:
        """Yield every expression of the fields."""
        for top in self.tops:
            if top.when is not None:
                yield top.when
            if isinstance(top.needed, Asked):
                yield top.needed
            if top.made is not None:
                yield top.made[1]

    def _top(self, name: str, one: Field) -> Top:
        kind = type_of(one)
        leaves = tuple(leaves_of(name, one))
        needed: bool | Asked = bool(kind.typed and one.required)
        if kind.typed and isinstance(one.required, str):
            needed = self.asked(one.required)
        made = None
        if not kind.typed:
            formula = self.form.formula(one, section=self.scope.section)
            asked = Asked(self.scope, formula.expression)
            made = (replace(formula, expression=asked.compiled), asked)
        return Top(
            name=name,
            one=one,
            leaves=leaves,
            compound=bool(kind.parts(one)),
            agrees=bool(kind.parts(one)) and type(kind).agree is not FieldType.agree,
            empty={leaf: self.empty[leaf] for leaf, _ in leaves},
            when=self.asked(one.when) if one.when else None,
            needed=needed,
            made=made,
        )

    def judge(self, leaves: Leaves, problems: dict[str, str]) -> None:
        """Work out what is computed, empty what conditions hide, and require what is owed."""
        hidden: set[str] = set()
        for top in self.tops:
            if top.agrees:
                self._agree(top, leaves, problems)
        self._compute(leaves, problems, hidden)
        for top in self.tops:
            if top.when is not None and not top.when.holds(leaves, unknown=False):
                leaves.update(top.empty)
                hidden.add(top.name)
                for path in [one for one in problems if one.partition(".")[0] == top.name]:
                    del problems[path]
        self._compute(leaves, problems, hidden)
        for top in self.tops:
            if top.name not in hidden:
                _require(top, leaves, problems)

    def _agree(self, top: Top, leaves: Leaves, problems: dict[str, str]) -> None:
        if any(path.startswith(f"{top.name}.") for path in problems):
            return
        value = {path.partition(".")[2]: leaves[path] for path, _ in top.leaves}
        try:
            type_of(top.one).agree(top.one, value, self.context)
        except Wrong as wrong:
            problems[f"{top.name}.{wrong.part}" if wrong.part else top.name] = wrong.say

    def _compute(self, leaves: Leaves, problems: dict[str, str], hidden: set[str]) -> None:
        for top in self.tops:
            if top.made is None or top.name in hidden:
                continue
            formula, asked = top.made
            problems.pop(top.name, None)
            try:
                leaves[top.name] = compute(top.one, formula, asked.names(leaves))
            except Wrong as wrong:
                leaves[top.name] = None
                problems[top.name] = wrong.say


def leaves_of(name: str, one: Field) -> Iterable[tuple[str, Field]]:
    """Return a field, or its parts as `field.part`."""
    parts = type_of(one).parts(one)
    return ((f"{name}.{part}", inner) for part, inner in parts.items()) if parts else ((name, one),)


def _require(top: Top, leaves: Leaves, problems: dict[str, str]) -> None:
    needed: Loose = top.needed
    if isinstance(needed, Asked):
        needed = needed.holds(leaves, unknown=False)
    if not top.compound:
        if needed and blank(leaves[top.name]):
            problems.setdefault(top.name, missing(top.one))
        return
    begun = needed or any(not blank(leaves[path]) for path, _ in top.leaves)
    if begun:
        for path, part in top.leaves:
            if part.required is True and blank(leaves[path]):
                problems.setdefault(path, missing(part))
