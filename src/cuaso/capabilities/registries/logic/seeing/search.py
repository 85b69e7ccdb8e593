"""How to find words in a list: by the index of words, or by walking the list's own order.

Rare words are fetched from the index of words and sorted. Common ones would fetch a tenth of the
table, while the list's order meets fifty of them within a few hundred rows. PostgreSQL cannot
tell the two apart, since it has no statistics on how words begin; a sample of the table can.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction
from psycopg import sql

from cuaso.kernel.text import words

SAMPLE_PAGES: Final = 60
COMMON: Final = 0.004
_SETTINGS: Final = ("enable_bitmapscan", "enable_sort", "enable_seqscan")
_SAMPLE: Final = """
select coalesce(avg((row_words @@ {query}::tsquery)::int), 0)
from {table} tablesample system (
  least(100, 100.0 * {pages} / greatest(1, (
    select relpages from pg_class where oid = {name}::regclass
  )))
)
"""


@contextmanager
def finding(table: str, said: str) -> Iterator[None]:
    """Let the queries of this block walk the list's order when the words are common."""
    given = words(said)
    if not given or not _common(table, given):
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in _SETTINGS:
            cursor.execute(f"set local {setting} = off")
        yield
        for setting in _SETTINGS:
            cursor.execute(f"set local {setting} = on")


def _common(table: str, given: tuple[str, ...]) -> bool:
    query = " & ".join(f"'{word}':*" for word in given)
    statement = sql.SQL(_SAMPLE).format(
        query=sql.Literal(query),
        table=sql.Identifier(table),
        pages=sql.Literal(SAMPLE_PAGES),
        name=sql.Literal(table),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None))
        return float(cursor.fetchone()[0]) >= COMMON
