"""A sheet of 100,000 rows: tried, brought in, brought in again as the month after, undone, out.

The registry is `agriculture/fishing_vessel`: 26 fields, two groups of rows, five rules, history,
27 indexes. Each act tells its phases: our own by the processor's time, the database's by the clock
(what it takes in meanwhile, and the changed rows with the history that their trigger keeps). Beside
them stands the processor's time of the connection's own server process, and what of it is the row
itself and what the upkeep of its indexes.
"""

import os
from typing import Any

from bench.measuring import children, figures
from cuaso.wiring.running_house import RunningHouse

ROWS = int(os.environ.get("CUASO_BENCH_SHEET_ROWS", "100000"))
WANTED = 15_000
SOURCE = "issue 4"


def run(house: RunningHouse) -> dict[str, object]:
    """Return rows a second of each act in one process, its CPU, and the most memory it held."""
    return {
        "what": f"{ROWS} rows through the registries' api in one process, 3 of 100 wrong: dry run,"
        " import of the good ones as one change, the month after (a third of the rows differ), a"
        " quiet month (3 of 100 differ), undo, export of the list",
        "database": figures.durability(house),
        **{kind: _told(children.ask(house, "sheets", kind, ROWS)) for kind in ("csv", "xlsx")},
        "database_cpu_of_a_new_row": children.ask(house, "upkeep"),
        "machine": figures.machine(),
    }


def _told(measured: dict[str, dict[str, Any]]) -> dict[str, object]:
    applied = measured["apply"]["rows_per_second"]
    phases = measured["apply"]["microseconds_a_row_by_phase"]
    limit = max(phases, key=phases.__getitem__)
    return {
        **measured,
        "limit": f"{limit}: {phases[limit]} of {round(1e6 / applied, 1)} microseconds a row",
        **figures.at_least(applied, WANTED, unit="rows a second", source=SOURCE),
    }
