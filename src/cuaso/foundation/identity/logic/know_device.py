"""The browsers and sessions of an account; a new browser is told to its owner."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.asking import first_row
from cuaso.foundation.identity.logic.count_tries import place_of
from cuaso.foundation.identity.logic.name_device import name_device
from cuaso.foundation.identity.models import Account
from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

COOKIE: Final = "thiet_bi"
KEPT: Final = timedelta(days=365)
_FRESH: Final = "identity_fresh_mark"
_LONGEST_NAME: Final = 100
_LONGEST_BROWSER: Final = 200
# The unspecified address.
_NOWHERE: Final = "::"
_KNOW: Final = """
with listed as (
  insert into usersessions_usersession as u
    (user_id, created_at, ip, last_seen_at, session_key, user_agent, data)
  values (%(account)s, %(now)s, %(place)s, %(now)s, %(session)s, %(browser)s, '{}')
  on conflict (session_key) do update set user_id = excluded.user_id, ip = excluded.ip,
    user_agent = excluded.user_agent, last_seen_at = excluded.last_seen_at
), known as (
  insert into identity_knowndevice (id, account_id, mark_hash, name, first_at, seen_at)
  values (%(id)s, %(account)s, %(mark)s, %(name)s, %(now)s, %(now)s)
  on conflict (account_id, mark_hash) do update set seen_at = excluded.seen_at
  -- A row that was only changed has a past.
  returning xmax = 0
)
select known.*, exists (
  select from identity_knowndevice where account_id = %(account)s and mark_hash <> %(mark)s)
from known
"""


def know_device(request: HttpRequest, *, account: Account) -> bool:
    """Remember the request's browser for the account and list its session, in one statement; say
    whether the browser is a new one.

    Inside the sign-in's transaction. `identity.device_new` is published when the account was
    entered from another browser before; the very first one is no news.
    """
    mark, name, moment = request.COOKIES.get(COOKIE, "") or _given(request), _name(request), now()
    browser = request.headers.get("User-Agent", "")[:_LONGEST_BROWSER]
    found = first_row(
        _KNOW,
        {
            "id": new_id(),
            "account": account.id,
            "mark": hashlib.sha256(mark.encode()).hexdigest(),
            "name": name,
            "now": moment,
            "place": place_of(request) or _NOWHERE,
            "session": request.session.session_key,
            "browser": browser,
        },
    )
    new, entered_before = found or (False, False)
    if new and entered_before:
        audit.publish(
            topic="identity.device_new",
            subject=Subject(kind="identity.account", id=account.id),
            payload={"device": name, "place": place_of(request), "at": moment.isoformat()},
        )
    return bool(new)


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
