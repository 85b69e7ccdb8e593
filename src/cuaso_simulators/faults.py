"""How a simulator misbehaves on request."""

import threading
import time
from dataclasses import dataclass

MODES = ("ok", "down", "slow", "garbage", "refuse", "duplicate")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`refuse` answers 400; `slow` waits `delay_seconds`, in other modes a delay comes on top.

    `duplicate` is for simulators that send by themselves: everything goes twice.
    """

    mode: str = "ok"
    delay_seconds: float = 0.0


class Faults:
    """The present misbehaviour, shared by a simulator's threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fault = Fault()

    def set(self, *, mode: str, delay_seconds: float) -> Fault:
        """Raise ValueError for a mode that is none."""
        if mode not in MODES:
            message = f"mode is one of {', '.join(MODES)}"
            raise ValueError(message)
        default = 30.0 if mode == "slow" and not delay_seconds else delay_seconds
        with self._lock:
            self._fault = Fault(mode=mode, delay_seconds=min(default, 60.0))
        return self._fault

    @property
    def mode(self) -> str:
        with self._lock:
            return self._fault.mode

    def meet(self) -> str:
        """Wait as asked and return the mode."""
        with self._lock:
            fault = self._fault
        if fault.delay_seconds:
            time.sleep(fault.delay_seconds)
        return fault.mode
