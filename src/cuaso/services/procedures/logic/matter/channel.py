"""By which channel and front a dossier came, and how that is said.

The law knows channels (online, counter, post). The national portal is a front of the channel
online: limits, fees and papers are the same, so a front never enters a rule.
"""

import os
from typing import Final, Literal
from uuid import UUID

Front = Literal["province", "national"]
CHANNELS: Final = {"online": "Trực tuyến", "counter": "Tại quầy", "post": "Qua bưu chính"}
NATIONAL: Final = "national:"
_DELIVERY: Final = {"ready": "Đã có kết quả, chờ trao", "delivered": "Đã trao kết quả"}
_SYNC: Final = {
    "waiting": "Chờ báo bước mới nhất",
    "synced": "Đã báo đến bước mới nhất",
    "failed": "Chưa báo được; trang Quản trị có việc báo lại",
}


def dossier_key(*, front: Front, key: str, draft_id: UUID) -> str:
    """Return the key that makes one dossier of one submission."""
    return f"{NATIONAL}{key}" if front == "national" else f"draft:{draft_id}"


def say(*, channel: str, key: str) -> str:
    """Return the channel as people say it, with the front where it is not this province's own."""
    front = ", qua Cổng Dịch vụ công quốc gia" if key.startswith(NATIONAL) else ""
    return CHANNELS[channel] + front


def delivery_say(state: str) -> str:
    """Return how far a result is on its way to the applicant, "" before there is one."""
    return _DELIVERY.get(state, "")


def sync_say(state: str) -> str:
    """Return how far the national portal knows the dossier, "" where it is not told."""
    return _SYNC.get(state, "")


def first_sync_state(key: str) -> str:
    """Return "waiting" for a new dossier whose every step another front is told of, else "none".

    Those are the dossiers submitted there, or all of them with `CUASO_NATIONAL_SCOPE=all`.
    """
    told_of_all = (
        os.environ.get("CUASO_NATIONAL_SCOPE") == "all" and "CUASO_NATIONAL_URL" in os.environ
    )
    return "waiting" if key.startswith(NATIONAL) or told_of_all else "none"
