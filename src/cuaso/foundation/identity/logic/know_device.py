"""The browsers from which an account was entered; a new one is told to its owner."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.count_tries import place_of
from cuaso.foundation.identity.logic.name_device import name_device
from cuaso.foundation.identity.models import Account, KnownDevice
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject

COOKIE: Final = "thiet_bi"
KEPT: Final = timedelta(days=365)
_FRESH: Final = "identity_fresh_mark"
_LONGEST_NAME: Final = 100


def know_device(request: HttpRequest, *, account: Account) -> bool:
    """Remember the request's browser for the account; say whether it is a new one.

    Inside the sign-in's transaction. `identity.device_new` is published when the account was
    entered from another browser before; the very first one is no news.
    """
    mark = request.COOKIES.get(COOKIE, "") or _given(request)
    row, new = KnownDevice.objects.get_or_create(
        account=account,
        mark_hash=hashlib.sha256(mark.encode()).hexdigest(),
        defaults={"name": _name(request)},
    )
    if not new:
        row.seen_at = now()
        row.save(update_fields=["seen_at"])
        return False
    if KnownDevice.objects.filter(account=account).exclude(pk=row.pk).exists():
        audit.publish(
            topic="identity.device_new",
            subject=Subject(kind="identity.account", id=account.id),
            payload={"device": row.name, "place": place_of(request), "at": now().isoformat()},
        )
    return True


def leave_mark(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser the mark by which it is known again; it opens nothing."""
    mark = vars(request).get(_FRESH)
    if mark:
        response.set_cookie(
            COOKIE,
            mark,
            max_age=int(KEPT.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def _given(request: HttpRequest) -> str:
    mark = secrets.token_urlsafe(24)
    vars(request)[_FRESH] = mark
    return mark


def _name(request: HttpRequest) -> str:
    return name_device(request.headers.get("User-Agent", ""))[:_LONGEST_NAME]
