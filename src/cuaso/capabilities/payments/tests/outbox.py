"""Read the outbox as it stands in the test's own transaction."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection


def events(topic: str = "") -> list[tuple[str, Mapping[str, Any]]]:
    """Return topic and payload of the events of a topic, or of all, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT topic, payload FROM audit_event WHERE topic = %s OR %s = '' ORDER BY position",
            [topic, topic],
        )
        return [(name, _read(payload)) for name, payload in cursor.fetchall()]


def payloads(topic: str) -> list[Mapping[str, Any]]:
    return [payload for _, payload in events(topic)]


def _read(payload: object) -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(payload) if isinstance(payload, str) else payload  # type: ignore[assignment]
    return read
