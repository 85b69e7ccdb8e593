"""Calls the product back with what was paid, signed, and misbehaves on request."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from datetime import datetime

import httpx

from cuaso_simulators.payments.book import Taken

# duplicate: told twice; late: only after `delay_seconds`; silent: never; forged: with a wrong
# signature; garbage: without sense.
MODES = ("ok", "duplicate", "late", "silent", "forged", "garbage")
TRIES = 5
TIMEOUT_SECONDS = 5.0
_NONE_KEPT = httpx.Limits(max_keepalive_connections=0)


class Callbacks:
    """`address` is where to call, "" for nowhere. A call that fails is made again, signed anew."""

    def __init__(
        self, *, address: str, secret: str, now: Callable[[], datetime], pause_seconds: float = 2.0
    ) -> None:
        self._address = address
        self._secret = secret
        self._now = now
        self._pause_seconds = pause_seconds
        self._mode = "ok"
        self._delay_seconds = 3.0
        # Made once: a client reads every root certificate of the machine when it is made.
        self._client = httpx.Client(limits=_NONE_KEPT, timeout=TIMEOUT_SECONDS)

    def set(self, *, mode: str, delay_seconds: float) -> None:
        """Raise ValueError for a mode that is none."""
        if mode not in MODES:
            message = f"mode is one of {', '.join(MODES)}"
            raise ValueError(message)
        self._mode, self._delay_seconds = mode, delay_seconds or 3.0

    def tell(self, taken: Taken) -> None:
        """Call back: at once where all is well, so that a person who returns finds it settled."""
        mode = self._mode
        if not self._address or mode == "silent":
            return
        if mode == "late":
            self._later(taken, self._delay_seconds, TRIES)
            return
        for _ in range(2 if mode == "duplicate" else 1):
            if not self.call(taken, mode=mode):
                self._later(taken, self._pause_seconds, TRIES - 1)
                return

    def call(self, taken: Taken, *, mode: str = "ok") -> bool:
        """Call once; say whether the product took it."""
        body = b"<<khong phai JSON>>" if mode == "garbage" else json.dumps(taken.told()).encode()
        at = str(int(self._now().timestamp()))
        secret = "khong-phai-cua-cong" if mode == "forged" else self._secret
        told = f"{at}.".encode() + body
        headers = {
            "Content-Type": "application/json",
            "X-Signed-At": at,
            "X-Signature": hmac.new(secret.encode(), told, hashlib.sha256).hexdigest(),
        }
        try:
            answer = self._client.post(self._address, content=body, headers=headers)
        except httpx.HTTPError:
            return False
        return answer.is_success

    def _later(self, taken: Taken, pause_seconds: float, tries: int) -> None:
        if tries > 0:
            timer = threading.Timer(pause_seconds, self._again, args=(taken, pause_seconds, tries))
            timer.daemon = True
            timer.start()

    def _again(self, taken: Taken, pause_seconds: float, tries: int) -> None:
        if not self.call(taken):
            self._later(taken, pause_seconds * 2, tries - 1)
