"""Tell systems that a session has ended, until they have heard it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import httpx
from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.provider.logout.token import logout_token
from cuaso.foundation.identity.provider.models import LogoutNotice
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject

SECONDS: Final = 5.0
# Longer than a system may take to answer: nobody else takes the notice meanwhile.
LEASE: Final = timedelta(seconds=20)
PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 30, 120, 600, 3600))
AT_ONCE: Final = 16
_HEARD: Final = (200, 204)

Post = Callable[[str, str], str]


@dataclass(frozen=True, kw_only=True)
class _Letter:
    notice: LogoutNotice
    address: str
    token: str


def tell_logouts(post: Post | None = None) -> int:
    """Tell what is due, many systems at once: one that hangs holds up nobody; return how many."""
    letters = [_letter(notice) for notice in _take()]
    if not letters:
        return 0
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        send = post or _post
        troubles = list(pool.map(lambda one: send(one.address, one.token), letters))
    for letter, trouble in zip(letters, troubles, strict=True):
        _mark(letter.notice, trouble)
    return sum(not trouble for trouble in troubles)


def _take() -> list[LogoutNotice]:
    with transaction.atomic():
        taken = list(
            LogoutNotice.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("client", "sign_on")
            .filter(told_at=None, next_try_at__lte=now())
            .order_by("next_try_at")[:AT_ONCE]
        )
        ids = [notice.id for notice in taken]
        LogoutNotice.objects.filter(id__in=ids).update(next_try_at=now() + LEASE)
    return taken


def _letter(notice: LogoutNotice) -> _Letter:
    client, sign_on = notice.client, notice.sign_on
    token = logout_token(
        client_id=client.client_id,
        account_id=sign_on.account_id,
        sid=sign_on.id,
        algorithm=client.id_token_algorithm,
    )
    return _Letter(notice=notice, address=client.backchannel_logout_uri, token=token)


def _post(address: str, token: str) -> str:
    """Return why the system has not heard, `""` when it has."""
    try:
        answer = httpx.post(
            address, data={"logout_token": token}, timeout=SECONDS, follow_redirects=False
        )
    except httpx.HTTPError as problem:
        return type(problem).__name__
    return "" if answer.status_code in _HEARD else f"HTTP {answer.status_code}"


def _mark(notice: LogoutNotice, trouble: str) -> None:
    over = bool(trouble) and notice.tries >= len(PAUSES)
    with transaction.atomic():
        row = LogoutNotice.objects.select_for_update().get(id=notice.id)
        if row.told_at is not None:
            return
        row.tries, row.trouble = row.tries + 1, trouble[:200]
        row.told_at = None if trouble else now()
        row.next_try_at = now() + PAUSES[notice.tries] if trouble and not over else None
        row.save(update_fields=["tries", "trouble", "told_at", "next_try_at"])
        if over or not trouble:
            _record(notice, trouble)


def _record(notice: LogoutNotice, trouble: str) -> None:
    audit.record(
        actor=system("Đăng xuất tập trung"),
        act="identity.logout_unheard" if trouble else "identity.logout_told",
        subject=Subject(kind="identity.account", id=notice.sign_on.account_id),
        content={
            "client": notice.client.client_id,
            "sid": notice.sign_on_id,
            "trouble": trouble,
            "after_seconds": round((now() - notice.written_at).total_seconds(), 1),
        },
    )
