"""A CSV sheet of new vessels, tried and brought in as one change, in one process of the house.

Given: how many rows. Told: rows a second from the file to the last record, and how many were added.
"""

import io
import sys
import time
from typing import Final

from bench.inside import answering
from bench.measuring import vessel_sheet
from cuaso.capabilities.registries import api as registries
from cuaso.foundation.directory import api as directory

KEY: Final = "agriculture/fishing_vessel"
AGENCY: Final = "chi-cuc-thuy-san-gia-lai"


def main() -> None:
    rows = int(sys.argv[1])
    agency = directory.agency_by_key(AGENCY)
    officer = directory.actor_for_post(directory.holders_below(agency.id, "handler")[0].post.id)
    file = io.BytesIO(vessel_sheet.spoken(rows))
    answering.ready(warm=lambda: registries.template(registry=KEY, kind="csv", actor=officer))
    began = time.perf_counter()
    tried = registries.read_sheet(registry=KEY, file=file, file_name="tau.csv", actor=officer)
    done = registries.apply_sheet(batch_id=tried.id, actor=officer, partly=True)
    took = time.perf_counter() - began
    answering.tell({"rows_per_second": round(rows / took, 1), "added": done.added})


main()
