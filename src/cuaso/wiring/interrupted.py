"""What a start after a sudden stop says: what was found, and what is being brought to its end.

Every act is one transaction, so what was under way was not written; what waits in tables is taken
up by the worker. This only tells of it.
"""

from datetime import datetime
from typing import Final

import psycopg
from psycopg import errors

from cuaso.kernel import clock
from cuaso.wiring.database import Database
from cuaso.wiring.words import say

KEPT: Final = "việc đã báo xong còn nguyên, việc đang ghi dở khi ấy không được ghi"
# What the worker takes up again, how it is called, and how much of it there is.
_WAITING: Final = (
    ("sự kiện chưa giao", "select count(*) from audit_event where settled_at is null"),
    (
        "phiên bản sổ đã duyệt chưa ban hành xong",
        "select count(*) from registries_version where state = 'approved'",
    ),
    ("tệp chưa quét", "select count(*) from files_file where state in ('pending', 'unscanned')"),
    (
        "công việc nền",
        "select count(*) from procrastinate_jobs where status in ('todo', 'doing')",
    ),
)


def tell(database: Database, *, since: datetime | None) -> None:
    """Say what a sudden stop has left; nothing after an orderly one. `since` is when the run began
    that did not end, None where the last one ended.
    """
    if since is None and not database.recovered:
        return
    if since is not None:
        began = since.astimezone(clock.VIETNAM)
        say(f"! Lần chạy từ {began:%H:%M ngày %d/%m/%Y} không được dừng đúng cách.")
    if database.recovered:
        say(f"  Cơ sở dữ liệu bị cắt ngang và đã tự phục hồi: {KEPT}.")
    else:
        say(f"  Cơ sở dữ liệu không bị cắt ngang: {KEPT}.")
    left = [f"{number} {called}" for called, number in _left(database.owner_url)]
    say(f"  Làm nốt việc còn chờ: {', '.join(left)}." if left else "  Không có việc nào dở dang.")


def _left(url: str) -> list[tuple[str, int]]:
    """Return what waits to be done, without what there is none of."""
    found = []
    with psycopg.connect(url, autocommit=True) as connection:
        for called, counting in _WAITING:
            try:
                row = connection.execute(counting).fetchone()
            except errors.UndefinedTable:
                continue
            if row and row[0]:
                found.append((called, int(row[0])))
    return found
