"""What crosses the door of identity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from cuaso.kernel.actors import Actor

CapacityKind = Literal["citizen", "guardian", "business", "official"]


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """One way in which an account may act now. `key` is stable while the capacity lasts.

    `current` is set only where a page lists capacities.
    """

    key: str
    kind: CapacityKind
    title: str
    detail: str
    actor: Actor
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the identity provider vouches for. `assurance` is the level of the account, 1 or 2.

    `biometric` says that the person's face was compared just now.
    """

    subject: str
    personal_number: str
    name: str
    birth_date: date | None
    sex: str
    phone: str
    assurance: int
    biometric: bool = False


@dataclass(frozen=True, kw_only=True)
class DemonstrationAccount:
    """One account that anybody may try in the demonstration."""

    username: str
    password: str
    name: str
    post: str
    agency: str


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """What other systems may know of an official's account."""

    id: UUID
    person_id: UUID
    username: str
    display_name: str
    email: str
    active: bool
    created_at: datetime


AccountState = Literal["pending", "active", "closed"]


@dataclass(frozen=True, kw_only=True)
class AccountCard:
    """An official's account as other engines know it: pending until its first password is set."""

    id: UUID
    person_id: UUID
    username: str
    name: str
    state: AccountState


@dataclass(frozen=True, kw_only=True)
class ActivationCode:
    """What is handed to a person once: `until` is the last day on which the code opens."""

    username: str
    code: str
    until: date


@dataclass(frozen=True, kw_only=True)
class SystemDraft:
    """A system that wants to have people signed in here, as it describes itself.

    `client_id` `""` has one made. `serves` are the resources that it is, `may_call` those that it
    may get tokens for. `algorithm` signs its ID tokens. `fapi` holds it to the FAPI 2 security
    profile: pushed requests, its own key, tokens bound to a key.
    """

    name: str
    redirect_uris: tuple[str, ...] = ()
    client_id: str = ""
    auth_method: str = "client_secret_basic"
    grant_types: tuple[str, ...] = ("authorization_code", "refresh_token")
    scopes: tuple[str, ...] = ("openid", "profile")
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str = ""
    jwks: Mapping[str, Any] = field(default_factory=dict)
    jwks_uri: str = ""
    certificate_thumbprints: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    may_call: tuple[str, ...] = ()
    algorithm: str = "RS256"
    first_party: bool = False
    pushed_only: bool = False
    bound_only: bool = False
    fapi: bool = False
    contact: str = ""
    agency_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class NewSystem:
    """A registered system. `secret` is shown this once, `""` when its way needs none."""

    client_id: str
    secret: str
    registered_at: datetime


@dataclass(frozen=True, kw_only=True)
class ConnectedSystem:
    """A registered system as lists show it. `status`: waiting, approved, refused, closed.

    `wishes` say in words what it wants to see or do.
    """

    client_id: str
    name: str
    status: str
    contact: str
    redirect_uris: tuple[str, ...]
    wishes: tuple[str, ...]
    registered_at: datetime
    certificate_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OwnAccount:
    """Everything that is kept on one account, for its own person to read."""

    id: UUID
    kind: str
    username: str
    name: str
    email: str
    active: bool
    created_at: datetime
    vneid: bool
    sessions: tuple[tuple[str, str, datetime], ...]
    devices: tuple[tuple[str, datetime, datetime], ...]
    systems: tuple[tuple[str, datetime], ...]
    certificates: tuple[tuple[str, datetime], ...]
    acts: tuple[tuple[datetime, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """What went with an account; `entries` are ledger entries whose content is erased."""

    sessions: int
    devices: int
    systems: int
    entries: int


CertificateState = Literal["good", "revoked", "unknown"]


@dataclass(frozen=True, kw_only=True)
class CertificateStanding:
    """What its issuer says of a certificate; of an `unknown` one `why` says who did not answer."""

    state: CertificateState
    revoked_at: datetime | None = None
    as_of_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class CallingSystem:
    """A system that calls with a token of its own."""

    client_id: str
    scopes: frozenset[str]
