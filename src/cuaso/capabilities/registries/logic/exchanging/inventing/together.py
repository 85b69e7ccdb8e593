"""Answers that belong together: one line of a table is taken whole, values follow from others."""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from cuaso.declarations.fields import Context, Field, type_of
from cuaso.declarations.fields.days import read_day
from cuaso.declarations.fields.kind import Wrong
from cuaso.declarations.registries import RECORD
from cuaso.declarations.sampling import COUNTED_DAY, NAMED, SHARE_OF, TODAY, SampleLine, read_by
from cuaso.kernel.periods import add_months

_CHOICES: Final = frozenset({"choice", "place", "multi_choice"})
_COPIED: Final = _CHOICES | {"reference"}
_ROUND_VND: Final = 1_000_000
_THOUSAND: Final = 1_000


@dataclass
class Together:
    """The tables of a registry, or of the rows of one of its groups, while rows are rolled."""

    tables: Mapping[str, Sequence[SampleLine]]
    fields: Mapping[str, Field]
    context: Context
    dice: random.Random
    _taken: dict[str, float] = field(default_factory=dict)
    _lines: dict[str, SampleLine] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = {
            name: frozenset(path for line in lines for path in line if not self._is_asked(path))
            for name, lines in self.tables.items()
        }
        self.paths = frozenset[str]().union(*self.names.values())

    def _is_asked(self, path: str) -> bool:
        """Say whether a path leads out: into the record of a reference, or of a group's rows."""
        head, _, rest = path.partition(".")
        if head == RECORD:
            return True
        return bool(rest and head in self.fields and self.fields[head].to)

    def apart(self, share: float) -> None:
        """Go on by a share of each table, so that rows of one record take different lines."""
        self._taken = {name: (taken + share) % 1 for name, taken in self._taken.items()}

    def choose(self, paths: Iterable[str] | None = None) -> None:
        """Take a line anew of each table in which one of `paths` stands; of every one for None."""
        wanted = None if paths is None else set(paths)
        for name in self.tables:
            if wanted is None or wanted & self.names[name]:
                self._taken[name] = self.dice.random()

    def _line(self, name: str, texts: Mapping[str, str]) -> SampleLine:
        """Return the line taken of those that go with the record to which a reference leads."""
        fitting = [
            line
            for line in self.tables[name]
            if all(
                self._text(path, texts) in values
                for path, values in line.items()
                if self._is_asked(path)
            )
        ]
        return fitting[int(self._taken[name] * len(fitting))] if fitting else {}

    def leaning(self, paths: Iterable[str]) -> set[str]:
        """Return the paths, with those from which their values follow and their neighbours."""
        found, waiting = set(paths), list(paths)
        while waiting:
            path = waiting.pop()
            for name, line in self._lines.items():
                if path in self.names[name]:
                    read = {one for value in line.get(path, ()) for one in read_by(value)}
                    read |= {one.partition(".")[0] for one in line if self._is_asked(one)}
                    waiting += sorted(read - found)
                    found |= read
        return found

    def unfit(self) -> set[str]:
        """Return what was asked by tables of which no line goes with the answers settled."""
        lost = [name for name, line in self._lines.items() if not line]
        asked = (path for name in lost for line in self.tables[name] for path in line)
        return {path.partition(".")[0] for path in asked if self._is_asked(path)}

    def settle(self, texts: dict[str, str]) -> None:
        """Write the values of the lines taken into the texts of a row."""
        taken: list[tuple[str, str]] = []
        self._lines = {name: self._line(name, texts) for name in self.tables}
        for name, line in self._lines.items():
            asked = {path.partition(".")[0] for path in line if self._is_asked(path)}
            for path in sorted(self.names[name] & self.fields.keys() - line.keys() - asked):
                if self.fields[path].required is False:
                    texts[path] = ""
            said = {path: values for path, values in line.items() if path in self.names[name]}
            chosen = ((path, self._one_of(values)) for path, values in said.items())
            taken += [(path, text) for path, text in chosen if self._is_wanted(path, texts)]
        taken.sort(key=lambda one: bool(read_by(one[1])))
        for path, value in taken:
            texts[path] = self._said(path, value, texts)

    def _one_of(self, values: Sequence[str]) -> str:
        return self.dice.choice(values) if values else ""

    def _is_wanted(self, path: str, texts: Mapping[str, str]) -> bool:
        one = self.fields.get(path)
        return one is not None and (one.required is not False or bool(texts.get(path)))

    def _said(self, path: str, value: str, texts: Mapping[str, str]) -> str:
        counted, share = COUNTED_DAY.fullmatch(value), SHARE_OF.fullmatch(value)
        if counted:
            return self._counted(counted, texts) or texts[path]
        if share:
            percent = self.dice.randint(int(share[1]), int(share[2] or share[1]))
            return self._share(path, percent, self._text(share[3], texts)) or texts[path]
        alone = NAMED.fullmatch(value)
        if alone and self.fields[path].type in _COPIED:
            return self._text(alone[1], texts)
        said = re.sub("#", lambda _: str(self.dice.randint(0, 9)), value)
        if self.fields[path].type == "code":
            return NAMED.sub(lambda found: self._text(found[1], texts), said)
        return NAMED.sub(lambda found: self._named(found, texts), said)

    def _named(self, found: re.Match[str], texts: Mapping[str, str]) -> str:
        label = self._label(found[1], texts)
        one = self.fields.get(found[1])
        inside = one is not None and one.type == "place" and found.start() > 0
        return label[:1].lower() + label[1:] if inside and label else label

    def _label(self, path: str, texts: Mapping[str, str]) -> str:
        text, one = self._text(path, texts), self.fields.get(path)
        if one is None or one.type not in _CHOICES or not text:
            return text
        option = self.context.lists.find(one.codes or one.level, text, self.context.today)
        return option.label if option else text

    def _text(self, path: str, texts: Mapping[str, str]) -> str:
        """Return the text of an answer, also of one that a record has to which a field refers."""
        head, _, rest = path.partition(".")
        one = self.fields.get(head)
        if path in texts or one is None or not one.to or not rest:
            return texts.get(path, "")
        record = self.context.records.find(one.to, texts.get(head, ""))
        if record is None:
            return ""
        value = self.context.records.facts(one.to, record.id, [rest])[rest]
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return "" if value is None else str(getattr(value, "key", value))

    def _day(self, path: str, texts: Mapping[str, str]) -> date | None:
        if path == TODAY:
            return self.context.today
        try:
            return read_day(path, self._text(path, texts))
        except Wrong:
            return None

    def _counted(self, found: re.Match[str], texts: Mapping[str, str]) -> str:
        start, sign = self._day(found[1], texts), int(f"{found[2]}1")
        if start is None:
            return ""
        low, high = int(found[3]), int(found[4] or found[3])
        first, last = (_later(start, sign * steps, found[5]) for steps in (low, high))
        day = first + (last - first) * self.dice.random()
        return f"{day:%d/%m/%Y}"

    def _share(self, path: str, percent: int, text: str) -> str:
        """Return so many per cent of a number, as the field writes it; "" of what is no number."""
        digits = text.removesuffix(" đồng").replace(".", "")
        try:
            whole = float(digits.replace(",", "."))
        except ValueError:
            return ""
        one, part = self.fields[path], whole * percent / 100
        if one.type == "decimal":
            return f"{part:.{one.digits}f}".replace(".", ",")
        if one.type == "vnd":
            step = _ROUND_VND if part >= _ROUND_VND else _THOUSAND
            return type_of(one).show(one, int(part // step * step), self.context)
        return str(int(part))


def _later(day: date, steps: int, unit: str) -> date:
    if unit == "ngày":
        return day + timedelta(days=steps)
    return add_months(day, steps * (12 if unit == "năm" else 1))
