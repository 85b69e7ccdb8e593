"""Hand one message to a mail server or an SMS gateway: no database, bounded time."""

import atexit
import os
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from functools import cache
from typing import Any, Protocol

import httpx

from cuaso.capabilities.messages.logic.wording import one_line
from cuaso.kernel import clock

TIMEOUT_SECONDS = 10.0
_RETRY_STATUSES = frozenset({408, 425, 429})
_PERMANENT = 500
_DONE = 250
HOUSE = "Cửa Số"


class Temporary(Exception):
    """It did not go now; it may go later."""


class Permanent(Exception):
    """It will never go as it stands."""


class NotConfigured(Exception):
    """The house has no such channel yet."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What leaves the house; `id` is the idempotency key."""

    id: str
    channel: str
    to: str
    name: str
    headline: str
    body: str


class Transport(Protocol):
    def __call__(self, letter: Letter) -> str | None:
        """Send; return the provider's id if it gives one; raise the three errors above."""


def configured(channel: str) -> bool:
    return bool(os.environ.get({"email": "CUASO_SMTP", "sms": "CUASO_SMS_URL"}[channel]))


def hand_over(letter: Letter) -> str | None:
    if letter.channel == "email":
        return by_email(letter)
    return by_sms(letter)


def by_email(letter: Letter) -> str | None:
    """Send by SMTP: `CUASO_SMTP=host:port`, `CUASO_SMTP_TLS=starttls`, `CUASO_SMTP_USER`."""
    place = os.environ.get("CUASO_SMTP", "")
    if not place:
        message = "Chưa cấu hình máy chủ thư (CUASO_SMTP)."
        raise NotConfigured(message)
    host, _, port = place.rpartition(":")
    try:
        mail = _mail(letter)
    except (ValueError, IndexError, TypeError) as error:
        message = "Địa chỉ thư điện tử không đúng."
        raise Permanent(message) from error
    try:
        with _server(host, int(port)) as server:
            server.send_message(mail)
    except smtplib.SMTPResponseException as error:
        raise _answer(error.smtp_code) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise _answer(max(code for code, _ in error.recipients.values())) from error
    except (OSError, smtplib.SMTPException) as error:
        message = "Không nối được với máy chủ thư."
        raise Temporary(message) from error
    return None


class Round:
    """The connection to the mail server that one round of sending keeps."""

    server: smtplib.SMTP | None = None

    def close(self) -> None:
        if self.server is not None:
            server, self.server = self.server, None
            with suppress(OSError, smtplib.SMTPException):
                server.quit()


_round: ContextVar[Round | None] = ContextVar("cuaso_mail_round", default=None)


@contextmanager
def one_round() -> Iterator[None]:
    """Let letters to the mail server go over one connection until the end of the block."""
    kept = Round()
    token = _round.set(kept)
    try:
        yield
    finally:
        _round.reset(token)
        kept.close()


@contextmanager
def _server(host: str, port: int) -> Iterator[smtplib.SMTP]:
    """Yield the round's connection, or one for this letter; one that broke is not used again."""
    kept = _round.get()
    if kept is None:
        with smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS) as server:
            _open(server)
            yield server
        return
    if kept.server is None or not _alive(kept.server):
        kept.server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        _open(kept.server)
    try:
        yield kept.server
    except BaseException:
        kept.close()
        raise


def _alive(server: smtplib.SMTP) -> bool:
    """Say whether a kept connection still answers: a server may hang up between two letters."""
    try:
        code, _ = server.rset()
    except (OSError, smtplib.SMTPException):
        return False
    return code == _DONE


def _open(server: smtplib.SMTP) -> None:
    if os.environ.get("CUASO_SMTP_TLS") == "starttls":
        server.starttls()
    if user := os.environ.get("CUASO_SMTP_USER"):
        server.login(user, os.environ.get("CUASO_SMTP_PASSWORD", ""))


def _answer(code: int) -> Exception:
    if code >= _PERMANENT:
        return Permanent(f"Máy chủ thư từ chối (mã {code}).")
    return Temporary(f"Máy chủ thư hẹn gửi lại (mã {code}).")


def _mail(letter: Letter) -> Message:
    """Return the letter as a mail. Raises ValueError, IndexError or TypeError for an address that
    is none.
    """
    sender = os.environ.get("CUASO_MAIL_FROM", "no-reply@cuaso.localhost")
    to = Address(addr_spec=letter.to).addr_spec
    # The older of Python's two ways to write a mail takes a tenth of the time of the newer.
    # Its types do not know that a header may be more than text.
    mail: Message[str, Any] = MIMEText(letter.body, "plain", "utf-8")
    mail["From"] = formataddr((HOUSE, sender))
    mail["To"] = formataddr((one_line(letter.name), to))
    mail["Subject"] = Header(one_line(letter.headline), "utf-8", header_name="Subject")
    mail["Message-ID"] = f"<{letter.id}@{sender.partition('@')[2]}>"
    mail["Date"] = format_datetime(clock.now().astimezone(clock.VIETNAM))
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def by_sms(letter: Letter) -> str | None:
    """Send by the gateway at `CUASO_SMS_URL`; return its id of the message."""
    url = os.environ.get("CUASO_SMS_URL", "")
    if not url:
        message = "Chưa cấu hình cổng tin nhắn (CUASO_SMS_URL)."
        raise NotConfigured(message)
    headers = {"Idempotency-Key": letter.id}
    if token := os.environ.get("CUASO_SMS_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    try:
        answer = _client().post(
            f"{url.rstrip('/')}/messages",
            json={"to": letter.to, "text": letter.body},
            headers=headers,
        )
    except httpx.HTTPError as error:
        message = "Không nối được với cổng tin nhắn."
        raise Temporary(message) from error
    return _provider_id(answer)


@cache
def _client() -> httpx.Client:
    """Return the process's one client: reading the trusted authorities costs 20 ms each time."""
    client = httpx.Client(timeout=TIMEOUT_SECONDS)
    atexit.register(client.close)
    return client


def _provider_id(answer: httpx.Response) -> str:
    if answer.is_client_error and answer.status_code not in _RETRY_STATUSES:
        message = f"Cổng tin nhắn từ chối (mã {answer.status_code})."
        raise Permanent(message)
    try:
        given = answer.json()["id"] if answer.is_success else None
    except (ValueError, KeyError, TypeError):
        given = None
    if not isinstance(given, str) or not given:
        message = f"Cổng tin nhắn trả lời không đúng (mã {answer.status_code})."
        raise Temporary(message)
    return given
