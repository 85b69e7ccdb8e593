"""Add many records at once: one change, an outcome for each record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.contracts import AddedLine, AddedMany, Source, Texts
from cuaso.capabilities.registries.logic.changing import (
    add,
    attached,
    effects,
    refusals,
    rows,
)
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.exchanging import sent
from cuaso.capabilities.registries.logic.exchanging.writing import alone, loading
from cuaso.capabilities.registries.logic.exchanging.writing.deciding import Deciding
from cuaso.capabilities.registries.logic.exchanging.writing.loading import Key
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import definition, sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Change
from cuaso.declarations.shape import Loose
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem, Refusal
from cuaso.kernel.identifiers import new_id

MOST: Final = 500
_HELD: Final = AddedLine(
    id=None,
    outcome="held",
    say="Bản ghi này đúng nhưng chưa ghi, vì bản ghi khác trong lần gửi bị từ chối.",
    code="registries.held_back",
)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A record to be written: who keeps it, and its columns."""

    agency: UUID
    columns: Mapping[str, Any]
    id: UUID = field(default_factory=new_id)

    def row(self, built: Built) -> Row:
        return built.live(row_id=self.id, row_agency=self.agency, **self.columns)


class _OneRefused(Exception):
    """Some record is refused, and all were to be written or none."""


def add_many(
    *,
    registry: str,
    records: Sequence[Texts | dict[str, Loose]],
    actor: Actor,
    reason: str = "",
    source: Source = changes.FORM,
    version: int = sets.CURRENT,
    partly: bool = True,
) -> AddedMany:
    """Add each record as `add` does; what one is refused for keeps no other from being added, or
    without `partly` all others.

    All that was added is one change, undone at once. Raises Invalid for no record or more than
    500, NotAllowed for who may add none, and what `effects.carry` does: then none is added.
    """
    built = sets.built(registry, version=version)
    rights.require_on_whole(built, actor, "add")
    _require(records)
    lines: dict[int, AddedLine] = {}
    ready = _ready(built, records, lines, actor=actor, source=source)
    change_id = None
    if ready:
        writing = _Writing(built, ready, lines, partly=partly)
        change_id = writing.write(actor=actor, reason=reason, source=source)
    every = range(len(records))
    return AddedMany(change_id=change_id, lines=tuple(lines.get(one, _HELD) for one in every))


def _require(records: Sequence[object]) -> None:
    if not 1 <= len(records) <= MOST:
        say = f"Mỗi lần thêm từ 1 đến {MOST} bản ghi."
        raise Invalid(
            code="registries.bulk_unfit",
            what="Chưa thêm được các bản ghi.",
            mend=say,
            problems=(Problem(field="records", say=say),),
        )


def _ready(
    built: Built,
    records: Sequence[Any],
    lines: dict[int, AddedLine],
    *,
    actor: Actor,
    source: Source,
) -> dict[int, _Fresh]:
    """Return what may be written by its number; what is refused becomes a line.

    Right records are read together; whatever is wrong or unusual in one is left to `add`.
    """
    ready = dict(_together(built, records, actor=actor, source=source))
    for number, values in enumerate(records):
        if number not in ready:
            try:
                row = add.fresh(built, values, actor=actor, source=source)
            except Refusal as refusal:
                lines[number] = _refused(refusal)
            else:
                ready[number] = _of(built, row)
    return dict(sorted(ready.items()))


def _of(built: Built, row: Row) -> _Fresh:
    names = (*definition.stored_names(built), "row_words")
    return _Fresh(row.row_agency, {name: getattr(row, name) for name in names}, row.row_id)


def _together(
    built: Built, records: Sequence[Any], *, actor: Actor, source: Source
) -> Iterator[tuple[int, _Fresh]]:
    """Yield the records that are right and that the actor may add."""
    if len(records) < sent.FEWEST or actor.kind not in rights.STEADY:
        return
    texts = [add.posted(built, values, source=source) for values in records]
    deciding = Deciding(built, actor, "add")
    read = list(enumerate(sent.read_all(built, texts)))
    deciding.foresee(one[deciding.place] for _, one in read if one and deciding.place)
    for number, columns in read:
        if columns is None:
            continue
        agency = deciding.keeper(columns)
        try:
            attached.require(built, columns, actor=actor, source=source)
        except Invalid:
            continue
        if deciding.may(agency, columns):
            yield number, _Fresh(agency, columns)


class _Writing:
    """One writing of what is ready, as one change; where nothing could be written there is none."""

    def __init__(
        self,
        built: Built,
        ready: Mapping[int, _Fresh],
        lines: dict[int, AddedLine],
        *,
        partly: bool,
    ) -> None:
        self.built, self.ready, self.lines, self.partly = built, ready, lines, partly

    def write(self, *, actor: Actor, reason: str, source: Source) -> UUID | None:
        try:
            with transaction.atomic():
                change = self._written(actor=actor, reason=reason, source=source)
        except _OneRefused:
            for number in [at for at, line in self.lines.items() if line.outcome == "added"]:
                del self.lines[number]
            return None
        return change.id if change.records else None

    def _written(self, *, actor: Actor, reason: str, source: Source) -> Change:
        mark = transaction.savepoint()
        with changes.changing(
            self.built, actor=actor, act="added", reason=reason, source=source
        ) as change:
            self._put(change)
            if not self.partly and any(one.outcome == "refused" for one in self.lines.values()):
                raise _OneRefused
        if not change.records:
            transaction.savepoint_rollback(mark)
            return change
        transaction.savepoint_commit(mark)
        if self.built.declared.does:
            for number, one in self.ready.items():
                if self.lines[number].outcome == "added":
                    row = self.built.live.objects.get(pk=one.id)
                    effects.carry(
                        self.built, row, self.built.declared.does, actor=actor, reason=reason
                    )
        return change

    def _put(self, change: Change) -> None:
        """Write together what nobody else holds the key of, then the rest one by one."""
        doubled = _doubled(self.built, self.ready)
        sure = [at for at in self.ready if at not in doubled]
        refused = self._at_once(sure, change)
        if refused is None or (refused and alone.one_by_one(self.built)):
            self._one_by_one(self.ready, change)
            return
        if refused:
            self._around(refused | doubled, change)
            return
        self._one_by_one(sorted(doubled), change)

    def _around(self, doubtful: frozenset[int], change: Change) -> None:
        """Write in order: what is refused beside all of them may be right beside those before it;
        one that is not refused then never would be.
        """
        before: list[int] = []
        for at in self.ready:
            if at not in doubtful:
                before.append(at)
                continue
            self._surely(before, change)
            self._one_by_one([at], change)
            before = []
        self._surely(before, change)

    def _surely(self, numbers: Sequence[int], change: Change) -> None:
        if self._at_once(numbers, change) != frozenset():
            self._one_by_one(numbers, change)

    def _at_once(self, numbers: Sequence[int], change: Change) -> frozenset[int] | None:
        """Write all with one statement where none of them is refused; else write none, return
        which are refused (None where the database alone refuses them).
        """
        if not numbers:
            return frozenset()
        ids = {self.ready[at].id: at for at in numbers}
        fresh = [self.ready[at] for at in numbers]
        columns = loading.by_column(self.built, [one.columns for one in fresh])
        keepers = [one.agency for one in fresh]
        try:
            with rows.unique(self.built), transaction.atomic():
                loading.insert(self.built, keepers, columns, change, ids=list(ids))
                refused = refusals.standing(self.built, list(ids))
                transaction.set_rollback(bool(refused))
        except Conflict:
            return None
        if not refused:
            change.records += len(fresh)
            self.lines |= {at: AddedLine(id=id, outcome="added") for id, at in ids.items()}
        return frozenset(ids[id] for id, _ in refused)

    def _one_by_one(self, numbers: Iterable[int], change: Change) -> None:
        for number in numbers:
            row, written = self.ready[number].row(self.built), change.records
            try:
                with rows.unique(self.built):
                    add.put(self.built, row, change)
                    refusals.require(self.built, row)
            except Refusal as refusal:
                change.records = written
                self.lines[number] = _refused(refusal)
            else:
                self.lines[number] = AddedLine(id=row.row_id, outcome="added")


def _doubled(built: Built, ready: Mapping[int, _Fresh]) -> frozenset[int]:
    """Return the records whose key, or what else no two share, another one has: a record in force,
    or one before them in this sending.
    """
    keyed = loading.Alone(paths=built.declared.key, columns=loading.key_columns(built))
    found: set[int] = set()
    for one in (keyed, *loading.alone(built)):
        held = {at: key for at, fresh in ready.items() if (key := one.value_of(fresh.columns))}
        taken: set[Key] = set(loading.holders(built, one, set(held.values())))
        for at, key in held.items():
            if key in taken:
                found.add(at)
            taken.add(key)
    return frozenset(found)


def _refused(refusal: Refusal) -> AddedLine:
    return AddedLine(
        id=None, outcome="refused", say=str(refusal), code=refusal.code, problems=refusal.problems
    )
