"""What signing shows to others: boxes on a page, keys, and what a check of a PDF says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from cuaso.kernel.errors import Invalid

KeyKind = Literal["person", "agency"]
# Where the key of one hand lies: at a remote provider behind the phone, or in the SIM.
HandWay = Literal["phone", "sim"]
ConsentState = Literal["asked", "agreed", "signed", "refused", "late", "failed"]
# Decree 30/2020/NĐ-CP, article 25: whole, from a copy, a part.
CopyForm = Literal["sao y", "sao lục", "trích sao"]
Align = Literal["left", "center"]
RootPurpose = Literal["signature", "timestamp", "both"]
# ETSI EN 319 142-1, 6.1: signed; with a time stamp; with all to check it; with a stamp over that.
Level = Literal["", "B-B", "B-T", "B-LT", "B-LTA"]
Revocation = Literal["good", "revoked", "unknown"]


@dataclass(frozen=True, kw_only=True)
class IssuerWord:
    """What the issuers above a certificate say of it; `why` tells what is missing."""

    state: Revocation
    revoked_at: datetime | None = None
    as_of_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A place on a page, in points from the page's bottom-left corner.

    `align`, `size` (points) and `italic` say how a text field in it is written.
    """

    x: float
    y: float
    width: float
    height: float
    page: int = 1
    align: Align = "left"
    size: float = 13
    italic: bool = False

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return self.x, self.y, self.x + self.width, self.y + self.height

    @classmethod
    def read(cls, declared: Mapping[str, object]) -> Self:
        """Return the box of a procedure's `places`: x, y, width, height, and what differs.

        Raises Invalid when a measure is missing or no number.
        """
        try:
            measures = {name: float(str(declared[name])) for name in ("x", "y", "width", "height")}
            return cls(
                **measures,
                page=int(str(declared.get("page", 1))),
                align="center" if declared.get("align") == "center" else "left",
                size=float(str(declared.get("size", 13))),
                italic=str(declared.get("italic", "")).lower() == "true",
            )
        except (KeyError, ValueError) as error:
            raise Invalid(
                code="signing.box_wrong",
                what=f"Ô trên trang khai báo chưa đúng: {dict(declared)}.",
                why="Một ô cần bốn số x, y, width, height, tính bằng point từ góc dưới bên trái.",
                mend="Hãy sửa mục `places` của thủ tục.",
            ) from error


@dataclass(frozen=True, kw_only=True)
class KeyInfo:
    """One signing key: whose it is and until when. The key itself never leaves its provider.

    `account` (the provider's name of it, or the number) and `issuer` are told of keys in a hand.
    """

    id: UUID
    label: str
    kind: KeyKind
    owner_id: UUID | None
    subject_name: str
    organisation: str
    title: str
    certificate_pem: str
    fingerprint: str
    valid_from_at: datetime
    valid_to_at: datetime
    provider: str
    demonstration: bool
    issued_at: datetime
    revoked_at: datetime | None
    revoke_reason: str
    account: str = ""
    issuer: str = ""


@dataclass(frozen=True, kw_only=True)
class KeyProof:
    """A key in somebody's phone or SIM that was asked to prove itself by one signature.

    Kept by the asker, on the server, until it is taken up. `code` is what the phone shows (SIM),
    `name` whom the certificate names.
    """

    way: HandWay
    account: str
    name: str
    organisation: str
    transaction: str
    challenge: str
    code: str
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class ProviderStatus:
    """Whether keys can be used now, in one Vietnamese sentence."""

    name: str
    ready: bool
    demonstration: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class TrustRoot:
    """A certificate that a chain may end in."""

    fingerprint: str
    name: str
    certificate_pem: str
    purpose: RootPurpose
    source: str


@dataclass(frozen=True, kw_only=True)
class SignatureVerdict:
    """What one signature is worth. `sentence` says all of it in Vietnamese.

    `signed_at` is the time stamp's moment when one stands in the signature, else the moment
    that the signer claims; `stamped` tells which. `revoked` is true when the certificate was
    revoked before that moment; `revoked_at` also tells of a later revocation, which takes nothing
    away. `chain` names the certificates from the signer's up to the trusted root. `initials`: who
    signed only checked the draft (ký nháy). `weak` names digests that prove nothing any more
    (SHA-1) and on which the signature, its certificates or its time stamp rest.
    """

    field: str
    kind: KeyKind
    signer: str
    title: str
    organisation: str
    issuer: str
    fingerprint: str
    signed_at: datetime | None
    stamped: bool
    intact: bool
    trusted: bool
    revoked: bool
    changed_after: str
    ok: bool
    sentence: str
    level: Level = ""
    level_sentence: str = ""
    chain: tuple[str, ...] = ()
    revocation: Revocation = "unknown"
    revoked_at: datetime | None = None
    initials: bool = False
    weak: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a whole PDF is worth: `ok` only if every signature is, and there is one."""

    ok: bool
    sentence: str
    signatures: tuple[SignatureVerdict, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class XmlVerdict:
    """What a signed XML document is worth. `signed` is what was signed, in canonical form and
    without the signature; empty unless the signature is intact.
    """

    ok: bool
    sentence: str
    signature: SignatureVerdict | None = None
    signed: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Archived:
    """A PDF that lasts. `renew_by_at` is None without a document time stamp."""

    pdf: bytes
    level: Level
    renew_by_at: datetime | None
    algorithms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ArchivedXml:
    """Signed XML that lasts. `renew_by_at` is None without an archive time stamp."""

    xml: bytes
    level: Level
    renew_by_at: datetime | None
    algorithms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lasting:
    """How far a kept paper is: its level, its newest file, when it is worked on next, and why it
    is not further yet.
    """

    file_id: UUID
    latest_file_id: UUID
    level: Level
    due_at: datetime | None
    renew_by_at: datetime | None
    why: str


@dataclass(frozen=True, kw_only=True)
class RemoteItem:
    """One document of a consent: what is signed, where, and what the phone shows of it.

    `picture` is a PNG of the document, `subject` what it is about in a line, `reference` the
    asker's own name of it, told again when the consent is over.
    """

    subject: str
    pdf: bytes
    name: str
    title: str
    box: Box
    picture: bytes = b""
    fields: Mapping[str, Box] = field(default_factory=dict)
    seal_box: Box | None = None
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class RemoteConsent:
    """One push to a signer's phone. `files` are the signed files in the items' order, None where
    one is not finished; `sentence` says in Vietnamese how far it is; `code` is what a SIM shows.
    """

    id: UUID
    key: str
    state: ConsentState
    sentence: str
    asked_at: datetime
    ends_at: datetime
    files: tuple[UUID | None, ...]
    subjects: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    code: str = ""
