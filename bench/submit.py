"""Submissions with a 1 MB paper, arriving at a steady pace whether or not the house keeps up."""

import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil

from bench.measuring import children, effort, figures
from bench.measuring.light_citizen import LightCitizen
from cuaso.wiring.running_house import RunningHouse
from tests.support.answers import FATHER, MOTHER, PDF

PACES = (5, 10, 20, 40)
WANTED_PACE, WANTED_P95_MS = 40, 250
SECONDS = 5
CITIZENS = (
    *(MOTHER, FATHER, "052076000114", "052184000115", "052095000116"),
    *("052082000117", "052180000118", "052087000119", "052178000120", "052193000121"),
)
EACH = 2
COMPONENT = "birth_notice"
MEGABYTE = 2**20
# Made once: what the client spends on a paper is no part of the house. Each paper is a PDF of
# 1 MB that no other has the bytes of; what follows %%EOF is not read.
FILLING = os.urandom((MEGABYTE - len(PDF)) // 2 - 17).hex().encode()
BOUNDARY = "b7f3c0de51a94e6f"
FORM_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
FORM_BEGINS = (
    (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="component"\r\n\r\n{COMPONENT}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="giay-to.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode()
    + PDF
    + b"\n%"
)
FORM_ENDS = f"\r\n--{BOUNDARY}--\r\n".encode()
LATE_BY_SECONDS = 0.25
Citizen = tuple[LightCitizen, str]
Drafts = dict[str, list[str]]


def run(house: RunningHouse) -> dict[str, object]:
    """Return, for each pace, how long attach and submit took from the planned moment on."""
    citizens = [(LightCitizen(house, number), number) for number in CITIZENS for _ in range(EACH)]
    _at_pace(citizens, _drafts(house, EACH), len(citizens), 1.0)
    found: dict[str, object] = {
        "what": "1.001193 over the REST API: attach one 1 MB PDF (scanned, hashed, stored) and"
        " submit; the answer to the paper is minimal (Prefer: return=minimal), as of a program"
        f" that needs no more; open loop, {len(citizens)} connections, from the planned moment",
        "target": f"p95 ≤ {WANTED_P95_MS} ms at {WANTED_PACE} a second (issue 3)",
        "database": figures.durability(house),
    }
    for pace in PACES:
        each = ceil(pace * SECONDS / len(CITIZENS))
        drafts = _drafts(house, each)
        with effort.watched(house) as worked:
            took = _at_pace(citizens, drafts, pace * SECONDS, pace)
        found[f"{pace}_a_second"] = {
            **figures.spread(took),
            "done_per_second": round(len(took) / worked.elapsed, 1),
            "kept_pace": sorted(took)[int(len(took) * 0.95)] <= LATE_BY_SECONDS,
            **worked.told(len(took)),
        }
    for citizen, _number in citizens:
        citizen.close()
    return {**found, "machine": figures.machine()}


def _drafts(house: RunningHouse, each: int) -> Drafts:
    """Return drafts ready for their paper, `each` for every citizen."""
    return children.ask(house, "drafts", each, *CITIZENS)


def _at_pace(citizens: Sequence[Citizen], drafts: Drafts, count: int, pace: float) -> list[float]:
    """Begin one submission every 1/pace s; return seconds from each planned moment to its end.

    All connections busy: the next one waits, and that wait counts.
    """
    free, guard = list(citizens), threading.Condition()
    began = time.perf_counter() + 0.1

    def one(serial: int) -> float:
        planned = began + serial / pace
        time.sleep(max(0.0, planned - time.perf_counter()))
        with guard:
            guard.wait_for(lambda: any(drafts[number] for _line, number in free))
            citizen = next(each for each in free if drafts[each[1]])
            free.remove(citizen)
            draft = drafts[citizen[1]].pop()
        try:
            _hand_in(citizen[0], draft)
        finally:
            with guard:
                free.append(citizen)
                guard.notify_all()
        return time.perf_counter() - planned

    with ThreadPoolExecutor(max_workers=count) as pool:
        return list(pool.map(one, range(count)))


def _hand_in(citizen: LightCitizen, draft: str) -> None:
    citizen.post(
        f"/drafts/{draft}/papers",
        FORM_BEGINS + os.urandom(16).hex().encode(),
        FILLING,
        FORM_ENDS,
        content_type=FORM_TYPE,
        prefer="return=minimal",
    )
    citizen.post(f"/drafts/{draft}/submit", idempotency_key=f"draft-{draft}")
