import sys
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import connection, transaction

from bench.inside import answering
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.logic.sequence import LOCK
from cuaso.kernel.actors import system
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

SECONDS = 4.0
CONTENT = {"dossier_code": "H21.12.05-261123-0007", "due_at": "2026-11-26T10:00:00+07:00"}
ACTOR = system("Phép đo")
T = TypeVar("T")


def record(until: float, counts: list[int]) -> None:
    """Record acts one after the other, each in a transaction of its own, on one connection."""
    done = 0
    while time.perf_counter() < until:
        with transaction.atomic():
            audit.record(
                actor=ACTOR,
                act="bench.recorded",
                subject=Subject(kind="bench", id=new_id()),
                content=CONTENT,
            )
        done += 1
    counts.append(done)


def record_at_once(threads: int) -> list[int]:
    """Record from several connections; return how many acts each recorded."""
    counts: list[int] = []
    until = time.perf_counter() + SECONDS

    def work() -> None:
        record(until, counts)
        connection.close()

    started = [threading.Thread(target=work) for _ in range(threads)]
    for each in started:
        each.start()
    for each in started:
        each.join()
    return counts


def hold_off_the_worker() -> None:
    """Take the sequencer's lock for this session; our own sequencing may take it again."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])


def timed(call: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    return call(), time.perf_counter() - began


def main() -> None:
    threads = int(sys.argv[1])
    answering.ready(warm=audit.sequence)
    hold_off_the_worker()
    alone: list[int] = []
    record(time.perf_counter() + SECONDS, alone)
    several = record_at_once(threads)
    sequenced, sequencing = timed(audit.sequence)
    verified, verifying = timed(audit.verify)
    answering.tell(
        {
            "recorded": sum(alone) + sum(several),
            "recorded_per_second_1_connection": round(sum(alone) / SECONDS),
            f"recorded_per_second_{threads}_connections": round(sum(several) / SECONDS),
            "sequenced": sequenced,
            "sequenced_per_second": round(sequenced / sequencing),
            "verified": verified.size,
            "verified_per_second": round(verified.size / verifying),
            "ledger_ok": verified.ok,
            "ledger_said": verified.say,
        }
    )


main()
