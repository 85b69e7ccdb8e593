import sys
import threading
import time
from datetime import date

from django.db import connection, transaction

from bench.inside import answering
from cuaso.services.procedures.logic.matter import codes

SECONDS = 5.0


def issue(agency: str, day: date, until: float, numbers: list[int]) -> None:
    """Issue codes one after the other, each in a transaction of its own, on one connection."""
    while time.perf_counter() < until:
        with transaction.atomic():
            code = codes.dossier_code(agency_code=agency, day=day)
        numbers.append(int(code.rpartition("-")[2]))
    connection.close()


def main() -> None:
    connections, agency, day = int(sys.argv[1]), sys.argv[2], date.fromisoformat(sys.argv[3])
    answering.ready()
    began = time.perf_counter()
    issued: list[list[int]] = [[] for _ in range(connections)]
    threads = [
        threading.Thread(target=issue, args=(agency, day, began + SECONDS, numbers))
        for numbers in issued
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    answering.tell({"numbers": [n for one in issued for n in one], "seconds": seconds})


main()
