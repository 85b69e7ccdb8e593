"""The session and the account of a request, read together by the first statement of the request.

Every request asks for both: Django would think longer about the two questions than PostgreSQL does.
What they mean, and how a session is verified, is Django's. The same statement brings the stamps
that every request asks for (`kernel.remembering`), and shows that the connection still stands.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.auth import SESSION_KEY as ACCOUNT_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import (
    VALID_KEY_CHARS,
    CreateError,
    SessionBase,
    UpdateError,
)
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.functional import SimpleLazyObject

from cuaso.foundation.identity.asking import first_row
from cuaso.foundation.identity.models import Account
from cuaso.kernel import remembering
from cuaso.kernel.clock import now

_NAMES: Final = tuple(str(one.attname) for one in Account._meta.concrete_fields)  # noqa: SLF001 Django's own documented door
_ACCOUNT: Final = f"select {', '.join(_NAMES)} from identity_account where id = %s"  # noqa: S608 our own column names
_MAKE: Final = (
    "insert into django_session (session_data, expire_date, session_key) values (%s, %s, %s)"
    " on conflict do nothing returning 1"
)
_KEEP: Final = (
    "update django_session set session_data = %s, expire_date = %s where session_key = %s"
    " returning 1"
)
_KEY_LENGTH: Final = 32
_KNOWN: Final = "_cached_user"
# Whose a session was when it was last read here: no more than what to read beside it.
_MOST_OWNERS: Final = 20_000
_owners: dict[str, str] = {}
# What a session said when its seal was proved here, as JSON: it comes with every request.
_MOST_PROVED: Final = 4096
_proved: dict[bytes | str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a session has kept."""

    session_data: str


class SessionStore(db.SessionStore):
    """Django's sessions in the database; a new one is written once, with all that it holds."""

    # The account that was read beside the session: its id and its row.
    beside: tuple[str, tuple[Any, ...]] | None = None
    # Has a key, and no row yet.
    unwritten = False
    # Django's own, which its types do not know.
    _get_session: Callable[..., dict[str, Any]]
    _session: dict[str, Any]

    def create(self) -> None:
        """Take a key. One of 160 random bits is nobody else's; the table refuses it otherwise."""
        self._session_key = self._get_new_session_key()
        self._get_session(no_load=True)
        self.modified = self.unwritten = True

    def cycle_key(self) -> None:
        """Take another key. What hangs on a session that stands must find the new one at once."""
        data, key = self._session, self.session_key
        stands = key is not None and not self.unwritten
        self.create()
        self._session_cache = data
        if stands:
            self.save()
            self.delete(key)

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 as Django names it
        """Write the session: one statement. Raises UpdateError when it was ended meanwhile."""
        if self.session_key is None:
            self.create()
        data = self._get_session(no_load=must_create)
        row = self.create_model_instance(data)
        made = must_create or self.unwritten
        words = [row.session_data, row.expire_date, row.session_key]
        if first_row(_MAKE if made else _KEEP, words) is None:
            raise CreateError if made else UpdateError
        self.unwritten = False

    def _get_new_session_key(self) -> str:
        return get_random_string(_KEY_LENGTH, VALID_KEY_CHARS)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Return what was sealed, {} where the seal is not ours. The same text is proved once."""
        if (said := _proved.get(session_data)) is not None:
            found: dict[str, Any] = json.loads(said)
            return found
        read: dict[str, Any] = super().decode(session_data)
        if read:
            if len(_proved) >= _MOST_PROVED:
                _proved.clear()
            _proved[session_data] = json.dumps(read)
        return read

    def _get_session_from_db(self) -> Kept | None:
        key = str(self.session_key)
        owner = _owners.get(key)
        early = remembering.early()
        row = first_row(_opening(early), [owner, key, now()])
        if row is None:
            self._session_key = None
            return None
        data, stamps, account = row[0], row[1 : 1 + len(early)], row[1 + len(early) :]
        remembering.foresee(dict(zip(early, stamps, strict=True)))
        if owner is not None and account[0] is not None:
            self.beside = (owner, account)
        return Kept(session_data=data)

    def account_row(self, key: str) -> tuple[Any, ...] | None:
        """Return the row of the account that this session names."""
        if self.beside is not None and self.beside[0] == key:
            return self.beside[1]
        if len(_owners) >= _MOST_OWNERS:
            _owners.clear()
        _owners[str(self.session_key)] = key
        return first_row(_ACCOUNT, [key])


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
    row = _row_of(session, str(key))
    account = Account.from_db(connection.alias, _NAMES, row) if row else None
    if account is None or not account.is_active:
        return None
    return account if constant_time_compare(proof, account.get_session_auth_hash()) else None


def _row_of(session: SessionBase, key: str) -> tuple[Any, ...] | None:
    return (
        session.account_row(key)
        if isinstance(session, SessionStore)
        else first_row(_ACCOUNT, [key])
    )


def _opening(early: tuple[str, ...]) -> str:
    stamps = "".join(f"({one}), " for one in early)
    accounts = ", ".join(f"a.{name}" for name in _NAMES)
    return (
        f"select s.session_data, {stamps}{accounts} from django_session s"  # noqa: S608 our own statements and column names
        " left join identity_account a on a.id = %s::uuid"
        " where s.session_key = %s and s.expire_date > %s"
    )
