"""A sheet of 100,000 rows: tried, brought in, brought in again as the month after, undone, out.

The months after are the same in every kind of file, and are measured of CSV alone.

The registry is `agriculture/fishing_vessel`: 26 fields, two groups of rows, five rules, history,
27 indexes. Each act tells its phases: our own by the processor's time, the database's by the clock
(what it takes in meanwhile, and the changed rows with the history that their trigger keeps). Beside
them stands the processor's time of the connection's own server process, and what of it is the row
itself and what the upkeep of its indexes.
"""

import os
from collections.abc import Iterator
from typing import Any, Final

from bench.measuring import children, figures
from cuaso.wiring.running_house import RunningHouse

ROWS = int(os.environ.get("CUASO_BENCH_SHEET_ROWS", "100000"))
WANTED = 15_000
SOURCE = "issue 4"
MONTHS: Final = {"csv": 3, "xlsx": 1}


def run(house: RunningHouse) -> Iterator[dict[str, object]]:
    """Yield rows a second of each act in one process, its CPU, and the most memory it held."""
    yield {
        "what": f"{ROWS} rows through the registries' api in one process, 3 of 100 wrong: dry run,"
        " import of the good ones as one change, of CSV the month after (a third of the rows"
        " differ) and a quiet month (3 of 100 differ), export of the list, undo",
        "database": figures.durability(house),
        "machine": figures.machine(),
    }
    for kind, months in MONTHS.items():
        yield {kind: _told(children.ask(house, "sheets", kind, ROWS, months))}
    yield {"database_cpu_of_a_new_row": children.ask(house, "upkeep")}


def _told(measured: dict[str, dict[str, Any]]) -> dict[str, object]:
    applied = measured["apply"]["rows_per_second"]
    phases = measured["apply"]["microseconds_a_row_by_phase"]
    limit = max(phases, key=phases.__getitem__)
    return {
        **measured,
        "limit": f"{limit}: {phases[limit]} of {round(1e6 / applied, 1)} microseconds a row",
        **figures.at_least(applied, WANTED, unit="rows a second", source=SOURCE),
    }
