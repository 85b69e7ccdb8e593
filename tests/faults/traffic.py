"""People at work while processes die: one citizen submits, one officer receives, both retry."""

import threading
import time
from collections.abc import Callable, Mapping

import httpx

from tests.support.people import Api

GIVE_UP_SECONDS = 90.0
ACCEPTED = (200, 201)
# What the house says when it cannot now, or when another was quicker; anything else is a fault.
TRY_AGAIN = frozenset({409, 412, 502, 503, 504})


class Traffic:
    """Begun on entry; on exit everybody finishes what they had begun, and no more.

    receipts: draft → tracking code, as answered. received: dossier → legal code, as answered.
    strange: answers that no fault excuses.
    """

    def __init__(self, *, citizen: Api, officer: Api, values: Mapping[str, str]) -> None:
        self.receipts: dict[str, str] = {}
        self.received: dict[str, str] = {}
        self.strange: list[str] = []
        self.unanswered = 0
        self._citizen, self._officer, self._values = citizen, officer, values
        self._closing = threading.Event()
        self._threads = [
            threading.Thread(target=self._submit_all, daemon=True),
            threading.Thread(target=self._receive_all, daemon=True),
        ]

    def __enter__(self) -> "Traffic":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.set()
        for thread in self._threads:
            thread.join(GIVE_UP_SECONDS)
        assert not any(thread.is_alive() for thread in self._threads), "somebody never finished"

    def wait_for_receipts(self, more: int) -> None:
        """Wait until `more` further submissions have been answered."""
        wanted = len(self.receipts) + more
        until = time.monotonic() + GIVE_UP_SECONDS
        while len(self.receipts) < wanted:
            assert time.monotonic() < until, f"no receipt came: {self.strange}"
            time.sleep(0.05)

    def _fill(self, draft: str) -> httpx.Response:
        filled = {"values": dict(self._values)}
        return self._citizen.send("PUT", f"/drafts/{draft}/values", filled)

    def _submit_all(self) -> None:
        while not self._closing.is_set():
            begun = self._try(
                lambda: self._citizen.send("POST", "/drafts", {"procedure_code": "1.004873"})
            )
            if begun is None:
                continue
            draft = str(begun.json()["id"])
            self._until(lambda draft=draft: self._fill(draft))
            receipt = self._until(lambda draft=draft: self._citizen.submit(draft))
            if receipt is not None:
                self.receipts[draft] = str(receipt.json()["tracking_code"])

    def _receive_all(self) -> None:
        while not self._closing.is_set():
            page = self._try(lambda: self._officer.get("/queue"))
            rows = page.json()["rows"] if page is not None else []
            for row in rows[:3]:
                answer = self._try(lambda row=row: self._officer.act(row["id"], "receive"))
                if answer is not None:
                    self.received[row["id"]] = str(answer.json()["dossier_code"])
            if not rows:
                time.sleep(0.1)

    def _until(self, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
        """Ask the same again until it is accepted, as a patient person does."""
        until = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < until:
            if answer := self._try(ask):
                return answer
        self.strange.append("never accepted")
        return None

    def _try(self, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
        try:
            answer = ask()
        except httpx.TransportError:
            self.unanswered += 1
            time.sleep(0.2)
            return None
        if answer.status_code in ACCEPTED:
            return answer
        if answer.status_code not in TRY_AGAIN:
            self.strange.append(f"{answer.request.url}: {answer.status_code} {answer.text[:300]}")
        time.sleep(0.1)
        return None
