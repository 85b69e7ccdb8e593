"""What a new vessel costs the database: the row itself, and the upkeep of each kind of index.

The same rows are written into tables of this connection alone that are like the registry's: without
an index, and with one kind of its indexes after the other. Ids follow each other in time, as those
of the house do, and the tables have the memory that the registry's own would find.
"""

from itertools import chain
from typing import Any, Final

from django.db import connection, transaction

from bench.inside import answering, backend

TABLE: Final = "r_agriculture_fishing_vessel"
HERE: Final = "bench_upkeep"
ROWS: Final = 20_000
KINDS: Final = {
    "its_key_and_id": "UNIQUE",
    "words_to_search": "_words ",
    "lists_and_their_filters": "_list_",
    "days_of_calendars": "_day_",
}
_ROW: Final = f"""
insert into {HERE} (row_id, row_agency, row_change, row_since, row_sources, row_words, number,
  owner_name, owner_name_order, owner_number, owner_phone, commune, registered, built, hull, length,
  width, power, gear, zone, port, licence_to, state, engines)
select md5('vessel ' || i)::uuid, md5('agency ' || i % 58)::uuid, md5('change')::uuid, now(),
  '{{}}',
  ('''bd'' ''' || i || ''' ''nguyen'' ''van'' ''' || i % 90 || '''')::tsvector,
  'BĐ-' || lpad(i::text, 8, '0') || '-TS', 'Nguyễn Văn ' || i % 90, 'NGUYEN VAN ' || i % 90,
  '052' || lpad(i::text, 9, '0'), '09' || lpad(i::text, 8, '0'), (21500 + i % 58)::text,
  date '2015-01-01' + i % 4000, 1990 + i % 35, 'wood', 6 + i % 250 / 10.0, 2.5, 60,
  (array['trawl', 'gillnet', 'seine', 'line', 'tuna'])[1 + i % 5],
  (array['coastal', 'inshore', 'offshore'])[1 + i % 3],
  (array['quy_nhon', 'tam_quan', 'de_gi'])[1 + i % 3], date '2026-01-01' + i % 900, 'active',
  '[{{"make": "YANMAR 6HA", "power": "150", "number": "M01234567"}}]'
from generate_series(1, {ROWS}) i
"""


def main() -> None:
    answering.ready()
    answering.tell(_measured())


def _measured() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("set temp_buffers = '256MB'")
        cursor.execute("select indexdef from pg_indexes where tablename = %s", [TABLE])
        indexes = [str(row[0]) for row in cursor.fetchall()]
    alone = _taken([])
    kinds = {name: [one for one in indexes if sign in one] for name, sign in KINDS.items()}
    known = set(chain.from_iterable(kinds.values()))
    kinds["others"] = [one for one in indexes if one not in known]
    found: dict[str, Any] = {"the_row_itself": alone}
    for name, some in kinds.items():
        found[name] = {"indexes": len(some), "microseconds": round(_taken(some) - alone, 1)}
    return found | {"all": {"indexes": len(indexes), "microseconds": _taken(indexes)}}


def _taken(indexes: list[str]) -> float:
    """Return microseconds a row of writing rows into a table with these indexes."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"create temp table {HERE} (like {TABLE} including defaults)")
        for number, one in enumerate(indexes):
            head, _, rest = one.partition(f" ON public.{TABLE} ")
            kind = head.rpartition(" ")[0]
            cursor.execute(f"{kind} bench_upkeep_{number} on {HERE} {rest}")
        began = backend.seconds()
        cursor.execute(_ROW)
        took = backend.seconds() - began
        transaction.set_rollback(True)
    return round(took / ROWS * 1e6, 1)


main()
