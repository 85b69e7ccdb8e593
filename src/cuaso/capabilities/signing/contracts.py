"""What signing shows to others: boxes on a page, keys, and what a check of a PDF says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from cuaso.kernel.errors import Invalid

KeyKind = Literal["person", "agency"]
Align = Literal["left", "center"]
RootPurpose = Literal["signature", "timestamp", "both"]


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
    """One signing key: whose it is and until when. The key itself never leaves its provider."""

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
    that the signer claims; `stamped` tells which.
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


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a whole PDF is worth: `ok` only if every signature is, and there is one."""

    ok: bool
    sentence: str
    signatures: tuple[SignatureVerdict, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
