"""What holds of the fields of one section, compiled once and asked of many rows.

An expression is asked once for each set of values that it reads.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cuaso.capabilities.registries.logic.exchanging import placing
from cuaso.capabilities.registries.logic.exchanging.cells import missing
from cuaso.declarations.expressions import Expression, Shape, blank
from cuaso.declarations.fields import Context, Field, FieldType, Formula, Wrong, compute, type_of
from cuaso.declarations.forms import Form
from cuaso.declarations.shape import Loose

_KEPT: Final = placing.KEPT
Leaves = dict[str, Any]


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
        self._answers: dict[object, bool] = {}

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
        """Say whether the expression holds; remembered for the values that it reads."""
        key = (unknown, *(leaves[path] for path in self.reads))
        try:
            found = self._answers.get(key)
        except TypeError:
            return self.compiled.holds(self.names(leaves), unknown=unknown)
        if found is None:
            if len(self._answers) > _KEPT:
                self._answers.clear()
            found = self.compiled.holds(self.names(leaves), unknown=unknown)
            self._answers[key] = found
        return found


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
