"""What crosses the door of certificates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

# The reasons of RFC 5280 5.3.1 that a person may give.
Reason = Literal[
    "unspecified",
    "keyCompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
]


@dataclass(frozen=True, kw_only=True)
class AllowedName:
    """A DNS name for which one connected system may hold certificates."""

    id: UUID
    name: str
    client_id: str
    contact: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class CertificateCard:
    """One issued certificate. `state`: good, ending, ended or revoked."""

    serial: str
    names: tuple[str, ...]
    client_id: str
    way: str
    state: str
    days_left: int
    pem: str
    chain_pem: str
    valid_from_at: datetime
    valid_to_at: datetime
    revoked_at: datetime | None
    revoke_reason: str


@dataclass(frozen=True, kw_only=True)
class ExternalAccountKey:
    """What a system opens its own ACME account with; `secret` (base64url) is shown this once."""

    kid: str
    secret: str
    client_id: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class AcmeAnswer:
    """What an ACME client is told (RFC 8555): JSON, or text of `kind`."""

    status: int = 200
    content: Mapping[str, object] | str = ""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
