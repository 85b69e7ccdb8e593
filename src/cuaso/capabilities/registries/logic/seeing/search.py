"""How to find words in a list: by the index of words, or by walking the list's own order.

Rare words are fetched from the index of words and sorted. Common ones would fetch a tenth of the
table, while the list's order meets fifty of them within a few hundred rows. PostgreSQL cannot
tell the two apart, since it has no statistics on how words begin; a sample of the table can. A walk
ends where the words should long have been met: they then stand together elsewhere in the order,
as numbers that begin alike do, and are fetched.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import sqrt
from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from psycopg import sql

from cuaso.capabilities.registries.logic.storing.building import Row
from cuaso.kernel.remembering import once
from cuaso.kernel.text import words

SAMPLE_PAGES: Final = 40
SAMPLE_ROWS: Final = 24
# A page of a list: of N records that carry the words with frequency f, one road reads f * N rows
# and the other PAGE / f; both read as many at the square root of PAGE / N.
PAGE: Final = 51
COMMONEST: Final = 0.05
# So many records, met on so many pages of the sample, are surely more than a count goes to.
MANY: Final = 20_000
MET_ON: Final = 4
# How much further than expected a walk goes before the words are fetched instead.
PATIENCE: Final = 12
FARTHEST: Final = 60_000
_WALK: Final = ("enable_bitmapscan", "enable_sort", "enable_seqscan")
_READ_ON: Final = ("enable_bitmapscan",)
_ALONE: Final = "set_config('max_parallel_workers_per_gather', '{}', true)"
# The places of half a million rows fit: of more PostgreSQL would keep pages, and read each anew.
# It holds to the end of the transaction.
_ROOM: Final = "set_config('work_mem', '64MB', true)"
_FETCH: Final = ("enable_indexscan", "enable_indexonlyscan", "enable_seqscan")
# Some rows of some pages, read by their place: TABLESAMPLE would look at the number of every page.
_SAMPLE: Final = """
select coalesce(avg((row_words @@ {query}::tsquery)::int), 0),
  (select reltuples from pg_class where oid = {name}::regclass),
  count(distinct (ctid::text::point)[0]) filter (where row_words @@ {query}::tsquery)
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
    more than 1,000 records with these words.
    """

    window: int
    many: bool

    @contextmanager
    def walking(self) -> Iterator[None]:
        """Let the queries of this block go along the order of the list, and gather nothing."""
        with _shut(_WALK):
            yield

    @contextmanager
    def fetching(self) -> Iterator[None]:
        """Let the queries of this block fetch by the index of words, and sort."""
        with _shut(_FETCH):
            yield

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Let the queries of this block, which stop at 1,000 records in any order, go their way."""
        with _shut(_READ_ON if self.window else _FETCH):
            yield


def road(table: str, said: str) -> Road | None:
    """Return how to find words in a table, None where no words are asked."""
    given = words(said)
    if not given:
        return None
    return once(("registries.road", table, given), lambda: _road(table, given))


def meets(table: str, said: str) -> str:
    """Return the condition that a row named by `table` carries the words."""
    query = sql.Literal(_query(words(said)))
    return (
        sql.SQL("{}.row_words @@ {}::tsquery").format(sql.Identifier(table), query).as_string(None)
    )


def _query(given: tuple[str, ...]) -> str:
    return " & ".join(f"'{word}':*" for word in given)


def fetched(rows: QuerySet[Row], said: str) -> QuerySet[Row]:
    """Return the rows that carry the words, for a query that fetches."""
    return rows.filter(row_words__begin=words(said))


def few(rows: QuerySet[Row], most: int) -> bool:
    """Say whether PostgreSQL expects so many rows at most, by its statistics."""
    try:
        text, given = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"explain (format json) {text}", given)
        plan = cursor.fetchone()[0]
    held = json.loads(plan) if isinstance(plan, str) else plan
    return bool(held[0]["Plan"]["Plan Rows"] <= most)


@contextmanager
def reading_on() -> Iterator[None]:
    """Let the queries of this block, which stop at 1,000 records in any order, read until there."""
    with _shut(_READ_ON):
        yield


@contextmanager
def _shut(names: tuple[str, ...]) -> Iterator[None]:
    """Shut some ways, and do all in this process: to start others takes longer than a page may.

    With its transaction a setting ends by itself; within another it is taken back.
    """
    within = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_setting(names, "off", workers=0))
        yield
        if within:
            cursor.execute(_setting(names, "on", workers=2))


def _setting(names: tuple[str, ...], value: str, *, workers: int) -> str:
    settings = [f"set_config('{name}', '{value}', true)" for name in names]
    return "select " + ", ".join([*settings, _ALONE.format(workers), _ROOM])


def _road(table: str, given: tuple[str, ...]) -> Road:
    statement = sql.SQL(_SAMPLE).format(
        query=sql.Literal(_query(given)),
        table=sql.Identifier(table),
        name=sql.Literal(table),
        pages=sql.Literal(SAMPLE_PAGES),
        each=sql.Literal(SAMPLE_ROWS),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None))
        share, rows, pages = cursor.fetchone()
    found, held = float(share), max(1.0, rows)
    walks = found >= min(COMMONEST, sqrt(PAGE / held) / 2)
    return Road(
        window=min(FARTHEST, int(PATIENCE * PAGE / found)) if walks else 0,
        many=found * held >= MANY and pages >= MET_ON,
    )
