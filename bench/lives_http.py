"""Whole lives of dossiers over HTTP: people at their programs, each act a request of its own."""

import threading
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

from bench.measuring import effort, figures
from cuaso.wiring.running_house import RunningHouse
from tests.support import people
from tests.support.answers import MARITAL, MOTHER
from tests.support.people import Api

AT_ONCE = 6
SECONDS = 10.0
WANTED = {"unsigned": 8, "signed": 4}
STAFF = {
    "reception": "tiepnhan.quynhon",
    "handler": "thuly.quynhon",
    "leader": "lanhdao.quynhon",
    "clerk": "vanthu.quynhon",
}
MINIMAL = "return=minimal"
REASON = "Phép đo dừng hồ sơ này ở đây, không cấp kết quả."


def run(house: RunningHouse) -> dict[str, object]:
    """Return lives a second: submit, receive, propose, confirm, and two more acts."""
    return {
        "what": f"1.004873 over the REST API, {AT_ONCE} people at once: submit (draft, values,"
        " submit), receive, propose, confirm, then approve and seal (signed) or return and refuse;"
        " answers to acts are minimal (Prefer: return=minimal), as of a program that needs no more",
        "database": figures.durability(house),
        **{kind: _measure(house, kind, wanted) for kind, wanted in WANTED.items()},
        "machine": figures.machine(),
    }


def _measure(house: RunningHouse, kind: str, wanted: float) -> dict[str, object]:
    with ExitStack() as stack:
        seats = [_seat(house, stack, signed=kind == "signed") for _ in range(AT_ONCE)]
        seats[0].live()
        with effort.watched(house) as worked:
            until = time.perf_counter() + SECONDS
            threads = [threading.Thread(target=seat.work, args=(until,)) for seat in seats]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    took = [each for seat in seats for each in seat.took]
    for seat in seats:
        if seat.trouble:
            raise seat.trouble
    a_second = round(len(took) / worked.elapsed, 2)
    return {
        **figures.spread(took),
        **figures.at_least(a_second, wanted, unit="lives a second", source="issue 3"),
        **worked.told(len(took)),
    }


@dataclass(kw_only=True)
class Seat:
    """One citizen and the officials who serve them, signed in."""

    citizen: Api
    staff: dict[str, Api]
    signed: bool
    took: list[float] = field(default_factory=list)
    trouble: Exception | None = None

    def work(self, until: float) -> None:
        try:
            while (began := time.perf_counter()) < until:
                self.live()
                self.took.append(time.perf_counter() - began)
        except Exception as error:  # noqa: BLE001 raised again by who waits
            self.trouble = error

    def live(self) -> None:
        begun = self.citizen.send("POST", "/drafts", {"procedure_code": "1.004873"})
        draft = str(begun.raise_for_status().json()["id"])
        filled = {"values": MARITAL}
        kept = self.citizen.send("PUT", f"/drafts/{draft}/values", filled, Prefer=MINIMAL)
        kept.raise_for_status()
        id = str(self.citizen.submit(draft).raise_for_status().json()["dossier_id"])
        self._act("reception", id, "receive")
        self._act("handler", id, "propose", {"values": {}, "note": ""})
        confirmed = {"accepted": True}
        answer = self.citizen.send("POST", f"/dossiers/{id}/confirm", confirmed, Prefer=MINIMAL)
        answer.raise_for_status()
        if self.signed:
            self._act("leader", id, "approve")
            self._act("clerk", id, "seal")
        else:
            self._act("leader", id, "return", {"reason": REASON})
            self._act("handler", id, "refuse", {"reason": REASON})

    def _act(self, role: str, id: str, act: str, body: object = None) -> None:
        path = f"/dossiers/{id}/{act}"
        answer = self.staff[role].send("POST", path, body, If_Match="*", Prefer=MINIMAL)
        answer.raise_for_status()


def _seat(house: RunningHouse, stack: ExitStack, *, signed: bool) -> Seat:
    def seated(role: str) -> Api:
        return Api(stack.enter_context(closing(people.official(house, STAFF[role]))))

    citizen = Api(stack.enter_context(closing(people.citizen(house, MOTHER))))
    return Seat(citizen=citizen, staff={role: seated(role) for role in STAFF}, signed=signed)
