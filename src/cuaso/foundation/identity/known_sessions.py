"""The session and the account of a request, each read by one statement that stands ready.

Every request asks for both: Django would think longer about the two questions than PostgreSQL does.
What they mean, and how a session is verified, is Django's.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.auth import SESSION_KEY as ACCOUNT_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.sessions.backends import db
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from cuaso.foundation.identity.models import Account
from cuaso.kernel.clock import now

_SESSION: Final = (
    "select session_data from django_session where session_key = %s and expire_date > %s"
)
_NAMES: Final = tuple(str(one.attname) for one in Account._meta.concrete_fields)  # noqa: SLF001 Django's own documented door
_ACCOUNT: Final = f"select {', '.join(_NAMES)} from identity_account where id = %s"  # noqa: S608 our own column names
_KNOWN: Final = "_cached_user"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a session has kept."""

    session_data: str


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Kept | None:
        row = _row(_SESSION, [self.session_key, now()])
        if row is None:
            self._session_key = None
            return None
        return Kept(session_data=row[0])


class AccountMiddleware(AuthenticationMiddleware):
    """Set `request.user` as Django does."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        # As Django does: the type of its request does not know that an account comes when asked.
        vars(request)["user"] = SimpleLazyObject(lambda: _user(request))


def _user(request: HttpRequest) -> Any:  # noqa: ANN401 an account, or Django's anonymous one
    if not hasattr(request, _KNOWN):
        account = _account(request)
        if account is not None:
            setattr(request, _KNOWN, account)
    return get_user(request)


def _account(request: HttpRequest) -> Account | None:
    """Return the account of a session that holds; None where Django has to look into it."""
    session = request.session
    backend, key = session.get(BACKEND_SESSION_KEY), session.get(ACCOUNT_KEY)
    proof = session.get(HASH_SESSION_KEY)
    if not key or not proof or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    row = _row(_ACCOUNT, [key])
    account = Account.from_db(connection.alias, _NAMES, row) if row else None
    if account is None or not account.is_active:
        return None
    return account if constant_time_compare(proof, account.get_session_auth_hash()) else None


def _row(statement: str, given: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found
