"""What accounts hears, and what the worker repeats for it."""

from datetime import datetime
from typing import Final

from cuaso.foundation.audit.contracts import Event
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.services.accounts.logic import check_registers
from cuaso.services.accounts.logic.tell import tell

_ASK: Final = "Nếu không phải ông/bà, hãy mở trang Bảo mật tài khoản và đăng xuất mọi phiên khác."


def on_account_made(event: Event) -> None:
    """A new account waits to be checked against the registers."""
    known = identity.addresses_of(event.subject.id)
    if known is not None:
        check_registers.want_check(
            account_id=event.subject.id, person_id=known[0], kind=str(event.payload["kind"])
        )


def on_device_new(event: Event) -> None:
    """Somebody signed in from a browser never seen before: the person is told."""
    said = event.payload
    tell(
        account_id=event.subject.id,
        sentence=f"Tài khoản vừa được đăng nhập từ thiết bị mới: {said['device']}, địa chỉ "
        f"{said['place']}, lúc {_moment(str(said['at']))}. {_ASK}",
        key=f"device:{event.id}",
    )


def on_recovery(event: Event) -> None:
    """A way back was begun, ended or stopped: the person is told before anything changes."""
    tell(
        account_id=event.subject.id,
        sentence=str(event.payload["say"]),
        key=f"recovery:{event.id}",
    )


def on_impersonated(event: Event) -> None:
    """An administrator looked with this person's eyes: the person is told who and why."""
    tell(
        account_id=event.subject.id,
        sentence=str(event.payload["say"]),
        key=f"impersonated:{event.id}",
    )


def on_factor_changed(event: Event) -> None:
    """What opens the account has changed: the person is told."""
    tell(
        account_id=event.subject.id,
        sentence=f"{event.payload['say']} {_ASK}",
        key=f"factor:{event.id}",
    )


def check_due() -> int:
    """Ask the registers about new accounts."""
    return check_registers.check_due()


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(clock.VIETNAM):%H:%M ngày %d/%m/%Y}"
