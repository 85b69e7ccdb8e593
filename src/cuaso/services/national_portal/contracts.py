"""What crosses the door of the national portal's engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

State = Literal["waiting", "sending", "sent", "failed"]
RefundState = Literal["taken", "done", "refused"]
PartyKind = Literal["business", "ward", "authorised"]


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A message as it came: nothing of it is believed before its signature was checked.

    `timestamp` is in whole seconds since 1970, as text.
    """

    method: str
    path: str
    body: bytes
    key_id: str
    timestamp: str
    signature: str


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A paper of a message: `url` to fetch it from the portal, or the `content` itself."""

    component: str
    name: str
    media_type: str
    sha256: str
    url: str = ""
    content: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who submitted, as the portal verified them; what it does not say is "" or None."""

    personal_number: str
    name: str
    birth_date: date | None = None
    sex: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Authorisation:
    """The paper by which one person acts for another: `holder` is the number of who may act."""

    number: str
    holder: str
    made_date: date | None = None
    last_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class Party:
    """For whom the applicant acts, as the portal says: a business, a ward, or who authorised them.

    A business has a `tax_code`, people have a `personal_number`.
    """

    kind: PartyKind
    name: str
    tax_code: str = ""
    personal_number: str = ""
    authorisation: Authorisation | None = None


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A dossier submitted at the national portal under its code there.

    `party` is None when the applicant acts for themselves.
    """

    code: str
    procedure_code: str
    agency_code: str
    applicant: Applicant
    values: Mapping[str, str | list[str]]
    attachments: tuple[Attachment, ...]
    party: Party | None = None


@dataclass(frozen=True, kw_only=True)
class Addition:
    """The applicant's answer, given at the portal, to a request for a supplement."""

    key: str
    note: str
    values: Mapping[str, str | list[str]]
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """The applicant's wish, said at the portal, to withdraw."""

    key: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FeePaid:
    """Money that the portal took for a dossier; `transaction` is its own number of it."""

    transaction: str
    amount_vnd: int
    paid_at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundAnswer:
    """How a refund that we asked for stands at the portal; `reason` says why it is refused."""

    id: UUID
    state: RefundState
    amount_vnd: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the portal is answered; the same message always gets the same.

    For money that came before its dossier `tracking_code` is "" and `status` 0.
    """

    code: str
    tracking_code: str
    status: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class There:
    """How one dossier stands at the portal; `version` is the last of ours that it took."""

    code: str
    status: int
    version: int


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One dossier that does not stand alike on both sides; `say` is for the administrator."""

    kind: Literal[
        "behind_there",
        "unknown_there",
        "unknown_here",
        "different",
        "fee_unknown_here",
        "fee_unknown_there",
        "fee_different",
        "fee_unsettled",
        "refund_unheard",
        "refund_unknown_here",
        "refund_unknown_there",
        "refund_different",
    ]
    code: str
    say: str


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """The outcome of comparing one day; `trouble` says why it could not be done.

    `fees_same` and `fees_differing` count what was paid at the portal for dossiers of ours, and
    what goes back of it.
    """

    day: date
    at: datetime
    same: int = 0
    behind_there: int = 0
    unknown_there: int = 0
    unknown_here: int = 0
    different: int = 0
    queued_again: int = 0
    fees_same: int = 0
    fees_differing: int = 0
    trouble: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FailedUpdate:
    """A status or result that the portal refused; later ones of its dossier wait behind it."""

    id: UUID
    code: str
    status: int
    made_at: datetime
    tries: int
    trouble: str


@dataclass(frozen=True, kw_only=True)
class MissingDossier:
    """A dossier that the portal has and the province has not.

    It is asked for by itself while `waiting`; `refused` says in `trouble` why it cannot come in.
    """

    id: UUID
    code: str
    state: Literal["waiting", "refused"]
    found_at: datetime
    tries: int
    trouble: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the synchronisation stands, for the administrator's page."""

    configured: bool
    say: str
    waiting: int = 0
    oldest_at: datetime | None = None
    trouble: str = ""
    failed: tuple[FailedUpdate, ...] = ()
    missing: tuple[MissingDossier, ...] = ()
    refunds_waiting: int = 0
    last: Reconciled | None = field(default=None)

    @property
    def lost(self) -> bool:
        """Say whether a dossier of the portal cannot come in without a person."""
        return any(one.state == "refused" for one in self.missing)
