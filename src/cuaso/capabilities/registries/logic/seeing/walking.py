"""One page of a list: range after range of its order, from the cursor on.

A page is the beginning of a range of an index. Where its conditions hardly ever meet, PostgreSQL
would walk on and on: such a walk is cut short and the page is sought by the indexes of its
conditions. Where that takes too long as well, the page is what so many rows of the order hold: it
says that it was cut, and the list goes on from where the looking ended.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import OperationalError, connection, transaction
from psycopg import errors

from cuaso.capabilities.registries.logic.seeing import following, lines, search, statements
from cuaso.capabilities.registries.logic.seeing.following import Order
from cuaso.capabilities.registries.logic.seeing.statements import Part, Source
from cuaso.capabilities.registries.logic.storing import prepared
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid

# How long one way may take before the next is gone. Together they are less than a second.
WALK_MS: Final = 250
GATHER_MS: Final = 350
LOOK_MS: Final = 300
# How long sorting without an index may take.
SORT_MS: Final = 900
# So many rows of a list's order are looked at for a page that neither way has found.
LOOKED_AT: Final = 20_000
LEAST_LOOKED_AT: Final = 1000
QUICK, GATHERED, CUT = range(3)
_ALONE: Final = "select set_config('max_parallel_workers_per_gather', '0', true)"
_GATHERING: Final = (
    "select set_config('enable_indexscan', 'off', true),"
    " set_config('enable_indexonlyscan', 'off', true), set_config('enable_seqscan', 'off', true),"
    " set_config('max_parallel_workers_per_gather', '0', true),"
    " set_config('work_mem', '64MB', true)"
)
_WAYS: Final = (
    (QUICK, WALK_MS, _ALONE),
    (
        GATHERED,
        GATHER_MS,
        _GATHERING,
    ),
)
# Which way a page took holds for a minute; no more lists than these are asked for in one.
MOST_KNOWN: Final = 4000
_known: dict[object, int] = {}
# What is set for each statement of a block, "" outside of one.
_limits: ContextVar[str] = ContextVar("registries.limits", default="")


@dataclass(frozen=True, kw_only=True)
class Page:
    """What was found, in the list's order. `cut`: the row of the order behind which nothing was
    looked at, None where the list was followed to the page's end.
    """

    rows: list[lines.Kept]
    cut: lines.Kept | None = None


@dataclass(frozen=True, kw_only=True)
class Walk:
    """How one page is read: `names` of its columns, `most` rows, from `after` on. `loose`: its
    conditions may hardly ever meet. `ordered`: an index has its order, read
    `backwards` where it goes the other way.
    """

    built: Built
    words: str
    orders: Sequence[Order]
    names: Sequence[str]
    after: Sequence[Any]
    most: int
    loose: bool
    ordered: bool
    backwards: bool

    def through(self, source: Source) -> Page:
        """Return the page out of these rows. Of a reader who sees few records all are looked
        through, sooner than all that carry common words are fetched.
        """
        if source.where is None:
            return Page(rows=[])
        road = search.road(source.table, self.words)
        if road is None:
            return self._quickest(source, source.where)
        return self._worded(source, source.where, road)

    def among(self, source: Source, ids: Sequence[UUID]) -> Page:
        """Return the page out of those rows that are these records."""
        if source.where is None or not ids:
            return Page(rows=[])
        with suppress(OutOfTimeError), in_time(GATHER_MS, search.FETCHING):
            carrying = source.where & statements.these(source.table, ids)
            return Page(rows=self._fetched(source, carrying))
        return self.through(source)

    def _worded(self, source: Source, where: Part, road: search.Road) -> Page:
        """Return the page of words by the first way that finds it in time."""
        rows = search.expected(source.table, where) if source.restricted else 0
        mine = road.among(rows)
        if mine.walks and not mine.sooner_fetched(rows, self.most):
            with suppress(OutOfTimeError), in_time(WALK_MS, search.WALKING):
                met = self._met(source, where, mine.window, whole=mine.whole)
                if met is not None:
                    return Page(rows=met)
        if mine.fetches:
            with suppress(OutOfTimeError), in_time(GATHER_MS, search.FETCHING):
                return Page(
                    rows=self._fetched(source, where & mine.meets(source.table, self.words))
                )
        return self._cut(source, where & search.meets(source.table, self.words))

    def _ranges(self, table: str) -> Iterator[following.Range]:
        return following.ranges(self.after, self.orders, table, backwards=self.backwards)

    def _quickest(self, source: Source, where: Part) -> Page:
        """Return the page by the first way that finds it in time. What was found at once is asked
        by its plan, when it is asked again.
        """
        if self.loose and not self.ordered:
            with in_time_or_refused():
                return Page(rows=self._found(source, where))
        key = (f"{clock.now():%d %H:%M}", source.table, where, tuple(self.orders))
        known = _known.get(key)
        if known == QUICK and not (self.loose and self.after):
            return Page(rows=self._found(source, statements.written(where), again=True))
        if not self.loose:
            _learn(key, QUICK)
            return Page(rows=self._found(source, where))
        for way, most_ms, setting in _WAYS:
            if way < (known or QUICK):
                continue
            try:
                with in_time(most_ms, setting):
                    rows = self._found(source, where)
            except OutOfTimeError:
                continue
            _learn(key, way)
            return Page(rows=rows)
        _learn(key, CUT)
        return self._cut(source, where)

    def _cut(self, source: Source, where: Part) -> Page:
        """Return what a bounded part of the order holds: of rows that are not in memory, less.
        Raise Invalid where no index has the order.
        """
        if self.ordered:
            with suppress(OutOfTimeError), in_time(LOOK_MS, _ALONE):
                return self._looked(source, where, LOOKED_AT)
        with in_time_or_refused():
            return self._looked(source, where, LEAST_LOOKED_AT)

    def _found(self, source: Source, where: Part, *, again: bool = False) -> list[lines.Kept]:
        found: list[lines.Kept] = []
        for one in self._ranges(source.table):
            left = self.most - len(found)
            found += self._read(source, where & one.where, left, one, again=again)
            if len(found) >= self.most:
                break
        return found

    def _read(
        self,
        source: Source,
        where: Part,
        most: int,
        of: following.Range | None = None,
        *,
        again: bool = False,
    ) -> list[lines.Kept]:
        text = f"{self._select(source)}{_where(where)}{self._order(of)} limit {most}"
        rows = prepared.every(text, [*where.given]) if again else asked(text, where.given)
        return self._as_held(source, rows)

    def _fetched(self, source: Source, carrying: Part) -> list[lines.Kept]:
        return (
            self._behind(source, carrying)
            if self.after
            else self._read(source, carrying, self.most)
        )

    def _behind(self, source: Source, carrying: Part) -> list[lines.Kept]:
        """Return the page behind the cursor out of few rows, which are fetched apart: PostgreSQL
        would gather by an index all that follows the cursor, to meet it with these few.
        """
        behind = following.behind(self.after, self.orders)
        text = (
            f"select {self._listed} from ({self._select(source)}{_where(carrying)} offset 0) few"  # noqa: S608 our own columns
            f" where {behind.text}{self._order()} limit {self.most}"
        )
        return self._asked(source, text, (*carrying.given, *behind.given))

    def _met(
        self, source: Source, where: Part, window: int, *, whole: bool
    ) -> list[lines.Kept] | None:
        """Return the page out of so many rows in the list's order, None where it takes more; out
        of all of them when `whole`.
        """
        found: list[lines.Kept] = []
        for one in self._ranges(source.table):
            inner, left = where & one.where, self.most - len(found)
            if whole:
                carrying = inner & search.meets(source.table, self.words)
                found += self._read(source, carrying, left, one)
            else:
                found += self._met_within(source, inner, window, left, one)
            if len(found) >= self.most:
                return found
            if not whole and self._last(source, inner, window, one) is not None:
                return None
        return found

    def _met_within(
        self, source: Source, where: Part, window: int, most: int, of: following.Range
    ) -> list[lines.Kept]:
        """Return the rows with the words out of so many: these alone are read in full."""
        table, order = source.table, self._order(of)
        match = search.meets("few", self.words)
        text = (
            f"{self._select(source)} join (select place from (select ctid as place, row_words"  # noqa: S608 our own columns
            f' from "{table}"{_where(where)}{order} limit {window}) few where {match.text}'
            f' limit {most}) met on "{table}".ctid = met.place{order}'
        )
        return self._asked(source, text, (*where.given, *match.given))

    def _looked(self, source: Source, where: Part, left: int) -> Page:
        """Return what so many rows of the order hold, and where the looking ended."""
        found: list[lines.Kept] = []
        table = source.table
        for one in self._ranges(table):
            bare = source.bare & one.where
            text = (
                f'select {self._listed} from (select * from "{table}"{_where(bare)}'  # noqa: S608 our own columns
                f'{self._order(one)} limit {left}) "{table}"{_where(where)}'
                f" limit {self.most - len(found)}"
            )
            found += self._asked(source, text, (*bare.given, *where.given))
            if len(found) >= self.most:
                return Page(rows=found)
            last = self._last(source, bare, left, one)
            if last is not None:
                return Page(rows=found, cut=last)
            left = max(1, left - _number(table, bare, left))
        return Page(rows=found)

    def _last(
        self, source: Source, where: Part, number: int, of: following.Range
    ) -> lines.Kept | None:
        """Return the row at this place of the order, None where there are fewer."""
        text = f"{self._select(source)}{_where(where)}{self._order(of)} offset {number - 1} limit 1"
        return next(iter(self._asked(source, text, where.given)), None)

    def _asked(self, source: Source, text: str, given: Sequence[Any]) -> list[lines.Kept]:
        return self._as_held(source, asked(text, given))

    def _as_held(self, source: Source, rows: list[lines.Kept]) -> list[lines.Kept]:
        """Return rows as the fields of the model hold them."""
        read = statements.conversions(self.built, source.model, self.names)
        return [_read(row, read) for row in rows] if read else rows

    def _select(self, source: Source) -> str:
        return f'select {self._listed} from "{source.table}"'  # noqa: S608 our own names

    @property
    def _listed(self) -> str:
        return ", ".join(f'"{name}"' for name in self.names)

    def _order(self, of: following.Range | None = None) -> str:
        """Return the order; where nothing is empty it is said as PostgreSQL reads an index."""
        plainly = of is not None and of.filled
        named = (
            f'"{name}"{(" desc" if plainly and not at else " desc nulls last") if down else ""}'
            for at, (name, down) in enumerate(self.orders)
        )
        return f" order by {', '.join(named)}"


class OutOfTimeError(Exception):
    """What was asked took longer than it may."""


@contextmanager
def in_time(most_ms: int, setting: str) -> Iterator[None]:
    """Let what is asked in this block go one way, each for so long at most; raise OutOfTimeError.

    The block only reads, and its settings end with it.
    """
    limits = f"{setting}, set_config('statement_timeout', '{most_ms}', true)"
    try:
        with _set_apart(limits) if connection.in_atomic_block else _set_for_each(limits):
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, errors.QueryCanceled):
            raise OutOfTimeError from None
        raise


@contextmanager
def _set_apart(limits: str) -> Iterator[None]:
    """Let the settings hold in a part of the transaction that is rolled back."""
    with transaction.atomic():
        _rows(limits)
        yield
        transaction.set_rollback(True)


@contextmanager
def _set_for_each(limits: str) -> Iterator[None]:
    """Let the settings go to PostgreSQL together with each statement, and end with it."""
    token = _limits.set(limits)
    try:
        yield
    finally:
        _limits.reset(token)


@contextmanager
def in_time_or_refused() -> Iterator[None]:
    """Let this block sort what no index has in this order; raise Invalid where it is too much."""
    try:
        with in_time(SORT_MS, _ALONE):
            yield
    except OutOfTimeError:
        raise Invalid(
            code="registries.slow_order",
            what="Sổ này quá lớn để sắp xếp theo cột đã chọn.",
            why="Với điều kiện hiện tại còn quá nhiều bản ghi phải xếp.",
            mend="Hãy lọc hẹp hơn, hoặc sắp theo thứ tự của danh sách hay theo một ô lọc nhanh.",
        ) from None


def _number(table: str, where: Part, most: int) -> int:
    text = f'select count(*) from (select 1 from "{table}"{_where(where)} limit {most}) few'  # noqa: S608 our own names
    return int(asked(text, where.given)[0][0])


def asked(text: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, asked within the limits of its block."""
    limits = _limits.get()
    return _rows(f"{limits}; {text}", given, skip=1) if limits else _rows(text, given)


def _rows(text: str, given: Sequence[Any] = (), *, skip: int = 0) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        for _ in range(skip):
            cursor.nextset()
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _where(part: Part) -> str:
    return f" where {part.text}" if part.text else ""


def _read(row: tuple[Any, ...], read: Sequence[tuple[int, statements.Converter]]) -> lines.Kept:
    values = list(row)
    for at, one in read:
        values[at] = one(values[at], None, connection)
    return tuple(values)


def _learn(key: object, way: int) -> None:
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[key] = way
