"""What crosses the door of the messages engine."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Channel = Literal["email", "sms"]
Language = Literal["vi", "en"]
# waiting → sending → sent → delivered | undelivered; failed after the last try or at once where
# trying again is no use; no_address where the person gave none.
State = Literal["waiting", "sending", "sent", "delivered", "undelivered", "failed", "no_address"]

FAILED = "messages.failed"


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Whom to tell; an empty address means that the channel is not used."""

    name: str
    person_id: UUID | None = None
    email: str = ""
    phone: str = ""
    language: Language = "vi"


@dataclass(frozen=True, kw_only=True)
class Template:
    """A text with `{names}` to fill in; `subject` is the e-mail's headline, "" for SMS."""

    id: str
    channel: Channel
    body: str
    names: frozenset[str]
    language: Language = "vi"
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """One message on one channel. `to` is masked: only who sends it needs the address."""

    id: UUID
    template: str
    version: int
    language: str
    channel: str
    to: str
    headline: str
    body: str
    parts: int
    state: State
    made_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    tries: int
    next_try_at: datetime | None
    trouble: str


@dataclass(frozen=True, kw_only=True)
class ChannelStatus:
    """Whether a channel is set up and how much waits on it."""

    channel: Channel
    configured: bool
    waiting: int
    failed: int
    say: str
