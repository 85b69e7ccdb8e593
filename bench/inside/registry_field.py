"""A field added to a large registry by publishing a version, while another session reads it.

Given: the address of the tables' owner, and a record's id. Told: how long publishing took, and the
longest that a read of the record took before and meanwhile, in milliseconds.
"""

import sys
import threading
import time
from dataclasses import dataclass, field

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from bench.inside import answering
from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.declarations.fields import Field
from cuaso.kernel.actors import system

KEY = "agriculture/fishing_vessel"
QUIET_SECONDS = 2.0
MEASURER = system("Đo tốc độ")


@dataclass
class Reader(threading.Thread):
    """Reads one record again and again in a session of its own."""

    table: str
    record: str
    took: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.end = threading.Event()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        asked = sql.SQL("select number from {} where row_id = %s").format(
            sql.Identifier(self.table)
        )
        with psycopg.connect(settings.CUASO_OWNER_DATABASE, autocommit=True) as session:
            while not self.end.is_set():
                began = time.perf_counter()
                session.execute(asked, [self.record])
                self.took.append(time.perf_counter() - began)

    def longest(self, first: int = 0, last: int | None = None) -> float:
        return round(max(self.took[first:last], default=0.0) * 1000, 1)


def main() -> None:
    settings.CUASO_OWNER_DATABASE = sys.argv[1]
    built = sets.built(KEY)
    note = Field(type="integer", title="Số đo tốc độ", required="no")
    wider = built.declared.replace(fields={**built.declared.fields, "bench_note": note})
    reader = Reader(table=built.table, record=sys.argv[2])
    answering.ready()
    connection.close()
    reader.start()
    time.sleep(QUIET_SECONDS)
    before, began = len(reader.took), time.perf_counter()
    registries.install("agriculture", {"fishing_vessel": wider}, actor=MEASURER)
    took, after = time.perf_counter() - began, len(reader.took)
    reader.end.set()
    reader.join()
    answering.tell(
        {
            "published_seconds": round(took, 2),
            "reads_meanwhile": after - before,
            "longest_read_before_ms": reader.longest(0, before),
            "longest_read_meanwhile_ms": reader.longest(before, after),
        }
    )


main()
