"""How to find words in a list: by the index of words, or by walking the list's own order.

Rare words are fetched from the index of words and sorted. Common ones would fetch a tenth of the
table, while the list's order meets fifty of them within a few hundred rows. PostgreSQL cannot
tell the two apart, since it has no statistics on how words begin; a sample of the table can. A walk
ends where the words should long have been met: they then stand together elsewhere in the order,
as numbers that begin alike do, and are fetched.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

from django.db import connection
from psycopg import sql

from cuaso.capabilities.registries.logic.seeing.statements import Part
from cuaso.kernel import clock
from cuaso.kernel.remembering import Memory, once
from cuaso.kernel.text import words

SAMPLE_PAGES: Final = 40
SAMPLE_ROWS: Final = 24
_SAMPLED: Final = SAMPLE_PAGES * SAMPLE_ROWS
# A page of a list: of N records that carry the words with frequency f, one road reads f * N rows
# and the other PAGE / f; both read as many at the square root of PAGE / N.
PAGE: Final = 51
COMMONEST: Final = 0.05
# So many records, met on so many pages of the sample, are surely more than a count goes to.
MANY: Final = 20_000
MET_ON: Final = 4
# So many places are read from the index of words in about a third of a second.
MOST_READ: Final = 300_000
# What so many records have at most finds them alone, and the other words are read in them.
FOUND_ALONE: Final = 30_000
# So many places of indexes are read in the time of one row, and so many of the index of words.
PLACES_A_ROW: Final = 25
WORDS_A_ROW: Final = 8
# How much further than expected a walk goes before the words are fetched instead.
PATIENCE: Final = 12
FARTHEST: Final = 60_000
# So many records of one reader are looked through sooner than a tenth of a table is fetched.
LOOKED_THROUGH: Final = 100_000
_WALK: Final = ("enable_bitmapscan", "enable_sort", "enable_seqscan")
_READ_ON: Final = ("enable_bitmapscan",)
_ALONE: Final = "set_config('max_parallel_workers_per_gather', '{}', true)"
# The places of half a million rows fit: of more PostgreSQL would keep pages, and read each anew.
# It holds to the end of the transaction.
_ROOM: Final = "set_config('work_mem', '64MB', true)"
_FETCH: Final = ("enable_indexscan", "enable_indexonlyscan", "enable_seqscan")
# What PostgreSQL expects, and how common words are, holds for a minute.
_STEADY: Final = Memory(stamp=lambda: f"{clock.now():%d %H:%M}")
# Some rows of some pages, read by their place: TABLESAMPLE would look at the number of every page.
_SAMPLE: Final = """
select coalesce(avg((row_words @@ {query}::tsquery)::int), 0),
  (select reltuples from pg_class where oid = {name}::regclass),
  count(distinct (ctid::text::point)[0]) filter (where row_words @@ {query}::tsquery),
  array[{each_word}]
from {table} where ctid = any (array(
  select format('(%s,%s)', page, place)::tid
  from (
    select (random() * (
      select greatest(0, relpages - 1) from pg_class where oid = {name}::regclass
    ))::bigint as page from generate_series(1, {pages})
  ) chosen, generate_series(1, {each}) place
))
"""


@dataclass(frozen=True, kw_only=True)
class Road:
    """How the words of a list are found. `window` is how many rows of the list's order to look at
    before fetching, 0 where fetching is the shorter way from the start. `many`: the table holds far
    more than 1,000 records with these words. `read`: so many places of the most common word would
    be read from the index of words, which PostgreSQL does not break off in time. `share`: so much
    of the table carries the words, 0 where the sample has none. `common`: words that far too many
    records have, which are read in the records that the others find; these are so much of the
    table, `left`. `each`: how many records carry each word, of so many that are `held`. `whole`:
    all that the reader sees is looked through.
    """

    window: int
    many: bool
    read: int = 0
    share: float = 0.0
    common: tuple[str, ...] = ()
    left: float = 0.0
    each: tuple[tuple[float, str], ...] = ()
    held: float = 1.0
    whole: bool = False

    @property
    def walks(self) -> bool:
        """Whether words are met by looking at one record after the other."""
        return bool(self.window or self.whole)

    @property
    def fetches(self) -> bool:
        """Whether words that a walk has not met are fetched within the time of a page."""
        return not self.walks or self.read <= MOST_READ

    def among(self, rows: int) -> "Road":
        """Return the road of a reader of so many rows, 0 for one who sees all. Of few rows a rare
        word leaves so few that the others are read in them sooner than looked up.
        """
        if not 0 < rows <= LOOKED_THROUGH:
            return self
        left, read, common = 1.0, 0.0, []
        for number, word in self.each:
            if read and number / WORDS_A_ROW > left * rows:
                common.append(word)
            else:
                read += number
                left *= number / self.held
        return replace(self, common=tuple(common), read=int(read), left=left, whole=True)

    def meets(self, table: str, said: str) -> Part:
        """Return the condition that a row carries the words, as the index of words finds them."""
        if not self.common:
            return meets(table, said)
        rare = tuple(word for word in words(said) if word not in self.common)
        return _carries(table, rare) & _read_in(table, self.common)

    def sooner_fetched(self, rows: int, wanted: int) -> bool:
        """Say whether a reader of so many rows has those with the words sooner by the indexes than
        so many of them by looking through all in order.
        """
        if self.read > MOST_READ or not (self.share or self.whole):
            return False
        looked_at = min(rows, wanted / self.share) if self.share else rows
        found = max(self.share, self.left) * rows
        return found + self.read / WORDS_A_ROW + rows / PLACES_A_ROW < looked_at

    def counted(self, table: str, said: str, *, rows: int, wanted: int) -> tuple[Part, str]:
        """Return the condition that a row carries the words, and what lets so many among so many
        rows be counted the shorter way, as settings.
        """
        if not self.walks or self.sooner_fetched(rows, wanted):
            return self.meets(table, said), FETCHING
        if not self.whole:
            return self.meets(table, said), LOOKING
        # No order is asked: the rows are fetched as they lie, and none by the index of words.
        return _read_in(table, words(said)), FETCHING


def road(table: str, said: str) -> Road | None:
    """Return how to find words in a table, None where no words are asked."""
    given = words(said)
    if not given:
        return None
    return once(("registries.road", table, given), lambda: _sampled(table, given))


def meets(table: str, said: str) -> Part:
    """Return the condition that a row named by `table` carries the words."""
    return _carries(table, words(said))


def _carries(table: str, given: tuple[str, ...]) -> Part:
    return Part(text=f'"{table}"."row_words" @@ %s::tsquery', given=(_query(given),))


def _read_in(table: str, given: tuple[str, ...]) -> Part:
    """Return the same condition so that no index is asked: what has to be true is not looked up."""
    part = _carries(table, given)
    return Part(text=f"({part.text}) is true", given=part.given)


def _query(given: tuple[str, ...]) -> str:
    return " & ".join(f"'{word}':*" for word in given)


def few(table: str, where: Part, most: int) -> bool:
    """Say whether PostgreSQL expects so many rows at most, by its statistics."""
    return expected(table, where) <= most


@_STEADY.keep
def expected(table: str, where: Part) -> int:
    """Return how many rows of a table PostgreSQL expects to meet a condition."""
    text = f'select 1 from "{table}" where {where.text or "true"}'  # noqa: S608 our own names
    with connection.cursor() as cursor:
        cursor.execute(f"explain (format json) {text}", where.given)
        plan = cursor.fetchone()[0]
    held = json.loads(plan) if isinstance(plan, str) else plan
    return int(held[0]["Plan"]["Plan Rows"])


def _setting(names: tuple[str, ...], value: str, *, workers: int) -> str:
    settings = [f"set_config('{name}', '{value}', true)" for name in names]
    return "select " + ", ".join([*settings, _ALONE.format(workers), _ROOM])


# What lets the statements of a transaction go along the order of the list and gather nothing, or
# fetch by the index of words and sort.
WALKING: Final = _setting(_WALK, "off", workers=0)
LOOKING: Final = _setting(_READ_ON, "off", workers=0)
FETCHING: Final = _setting(_FETCH, "off", workers=0)


@_STEADY.keep
def _sampled(table: str, given: tuple[str, ...]) -> Road:
    return _road(table, given)


def _road(table: str, given: tuple[str, ...]) -> Road:
    statement = sql.SQL(_SAMPLE).format(
        query=sql.Literal(_query(given)),
        each_word=sql.SQL(", ").join(
            sql.SQL("avg((row_words @@ {}::tsquery)::int)").format(sql.Literal(_query((word,))))
            for word in given
        ),
        table=sql.Identifier(table),
        name=sql.Literal(table),
        pages=sql.Literal(SAMPLE_PAGES),
        each=sql.Literal(SAMPLE_ROWS),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None))
        share, rows, pages, shares = cursor.fetchone()
    found, held = float(share), max(1.0, rows)
    each = {word: float(one or 0) * held for word, one in zip(given, shares, strict=True)}
    common = _common(each)
    walks = found >= min(COMMONEST, sqrt(PAGE / held) / 2)
    return Road(
        window=min(FARTHEST, int(PATIENCE * PAGE / found)) if walks else 0,
        many=found * held >= MANY and pages >= MET_ON,
        read=int(max(number for word, number in each.items() if word not in common)),
        share=found,
        common=common,
        each=tuple(sorted((max(number, held / _SAMPLED), word) for word, number in each.items())),
        held=held,
    )


def _common(each: Mapping[str, float]) -> tuple[str, ...]:
    """Return the words that are not looked up, since the rarest one finds few records."""
    if min(each.values()) > FOUND_ALONE:
        return ()
    return tuple(word for word, number in each.items() if number > MOST_READ)
