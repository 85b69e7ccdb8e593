"""What the simulator received, newest first, bounded."""

import threading
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime

LIMIT = 500


@dataclass(frozen=True, kw_only=True)
class Received:
    """One message or mail; `key` is the sender's idempotency key or Message-ID."""

    id: str
    kind: str
    key: str
    to: str
    headline: str
    text: str
    at: datetime
    receipt: str = ""


class Box:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: deque[Received] = deque(maxlen=LIMIT)

    def put(self, item: Received) -> Received:
        """Keep an item; the same kind and key again is the one that was kept first."""
        with self._lock:
            for known in self._items:
                if item.key and (known.kind, known.key) == (item.kind, item.key):
                    return known
            self._items.appendleft(item)
            return item

    def note_receipt(self, item_id: str, state: str) -> None:
        with self._lock:
            for place, known in enumerate(self._items):
                if known.id == item_id:
                    self._items[place] = replace(known, receipt=state)

    def all(self) -> tuple[Received, ...]:
        with self._lock:
            return tuple(self._items)
