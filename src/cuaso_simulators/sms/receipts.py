"""Calls the sender back with what became of a message."""

import hashlib
import hmac
import threading
from dataclasses import dataclass, field

import httpx

from cuaso_simulators.sms.box import Box, Received

TRIES = 5
_NONE_KEPT = httpx.Limits(max_keepalive_connections=0)


@dataclass(frozen=True, kw_only=True)
class Receipts:
    """`callback` is the address to call, "" for none. A number that ends in 000 is unreachable."""

    box: Box
    callback: str
    secret: str
    pause_seconds: float
    # Made once: a client reads every root certificate of the machine when it is made.
    client: httpx.Client = field(default_factory=lambda: httpx.Client(limits=_NONE_KEPT))

    def later(self, item: Received) -> None:
        timer = threading.Timer(self.pause_seconds, self._report, kwargs={"item": item, "tries": 1})
        timer.daemon = True
        timer.start()

    def _report(self, *, item: Received, tries: int) -> None:
        state = "undelivered" if item.to.endswith("000") else "delivered"
        if not self.callback:
            self.box.note_receipt(item.id, state)
            return
        try:
            answer = self.client.post(
                self.callback,
                json={"provider_id": item.id, "state": state},
                headers={"X-Signature": self._signature(item.id, state)},
                timeout=5.0,
            )
        except httpx.HTTPError:
            answer = None
        if answer is not None and answer.is_success:
            self.box.note_receipt(item.id, state)
        elif tries < TRIES:
            self._again(item, tries)

    def _again(self, item: Received, tries: int) -> None:
        timer = threading.Timer(
            self.pause_seconds * 2**tries, self._report, kwargs={"item": item, "tries": tries + 1}
        )
        timer.daemon = True
        timer.start()

    def _signature(self, provider_id: str, state: str) -> str:
        words = f"{provider_id}.{state}".encode()
        return hmac.new(self.secret.encode(), words, hashlib.sha256).hexdigest()
