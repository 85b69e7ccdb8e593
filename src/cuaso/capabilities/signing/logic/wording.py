"""What a verdict says in Vietnamese. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from asn1crypto.x509 import Certificate

from cuaso.capabilities.signing.contracts import KeyKind, Level, SignatureVerdict
from cuaso.kernel import clock

LONGEST_TEXT = 300

INITIALS = "initial"  # the names of the fields that hold them begin so
UNTOUCHED = "Sau chữ ký này văn bản không thay đổi."
AS_PERMITTED = "Sau chữ ký này chỉ có phần được phép: điền số, ngày và ký số của cơ quan."
AFTER_INITIALS = (
    "Sau chữ ký nháy này chỉ có phần được phép: chữ ký của người có thẩm quyền, số, ngày và "
    "ký số của cơ quan."
)
FOR_ARCHIVE = "Sau chữ ký này chỉ thêm bằng chứng và dấu thời gian để lưu trữ lâu dài."
UNREADABLE = "Chữ ký này không đọc được nên không có giá trị."
TAMPERED = "Sau chữ ký này văn bản đã bị sửa ngoài phần được phép."

LEVELS: Mapping[Level, str] = {
    "": "",
    "B-B": "Chữ ký chưa có dấu thời gian (mức B-B).",
    "B-T": "Chữ ký có dấu thời gian (mức B-T); kiểm tra về sau còn cần nơi cấp chứng thư số.",
    "B-LT": "Văn bản mang theo đủ thông tin để kiểm tra về sau (mức B-LT).",
    "B-LTA": (
        "Văn bản mang theo đủ thông tin để kiểm tra, có dấu thời gian bảo vệ để lưu trữ "
        "lâu dài (mức B-LTA)."
    ),
}


class Who(TypedDict):
    """What a certificate says of its holder."""

    kind: KeyKind
    signer: str
    title: str
    organisation: str
    issuer: str


def who(certificate: Certificate) -> Who:
    subject, issuer = certificate.subject.native, certificate.issuer.native
    name = text(subject.get("common_name", ""))
    organisation = text(subject.get("organization_name", ""))
    # An agency's certificate names the agency twice.
    kind: KeyKind = "agency" if name and organisation == name else "person"
    return {
        "kind": kind,
        "signer": name,
        "title": text(subject.get("title", "")),
        "organisation": organisation,
        "issuer": text(issuer.get("common_name", "")),
    }


def say(
    facts: Who,
    *,
    signed_at: datetime | None,
    stamped: bool,
    intact: bool,
    trusted: bool,
    revoked: bool,
    revoked_at: datetime | None,
    changed: str,
    initials: bool = False,
    weak: str = "",
) -> str:
    """Return one signature's whole sentence; `initials` are no approval and say so. `weak` tells of
    digests that prove nothing any more.
    """
    act = "ký nháy, xác nhận đã kiểm tra dự thảo," if initials else "ký"
    parts = [f"{_signer(facts)} {act} {_when(signed_at, stamped=stamped)}."]
    if not intact:
        parts.append("Văn bản hoặc chữ ký đã bị thay đổi sau khi ký.")
    else:
        parts.append("Chữ ký còn nguyên vẹn.")
    if revoked:
        parts.append("Chứng thư số đã bị thu hồi trước khi ký.")
    elif trusted:
        parts.append("Chứng thư số do nơi đáng tin cậy cấp.")
    else:
        parts.append("Chưa xác định được nơi cấp chứng thư số là đáng tin cậy.")
    if revoked_at is not None and not revoked:
        parts.append(
            f"Chứng thư số bị thu hồi {_moment(revoked_at)}, sau khi ký; chữ ký đã có vẫn giữ "
            "giá trị."
        )
    if not stamped:
        parts.append("Không có dấu thời gian đáng tin cậy.")
    return " ".join(part for part in [*parts, weak, changed] if part)


def summary(signatures: tuple[SignatureVerdict, ...]) -> str:
    """Return what all signatures together are worth."""
    if all(one.ok for one in signatures):
        return f"Văn bản có {len(signatures)} chữ ký số, tất cả đều hợp lệ."
    wrong = sum(not one.ok for one in signatures)
    weak = sorted({name for one in signatures if not one.ok for name in one.weak})
    if weak and all(one.intact or one.weak for one in signatures):
        return (
            f"Văn bản có {len(signatures)} chữ ký số, trong đó {wrong} chữ ký không được công nhận "
            f"vì dùng thuật toán băm không còn an toàn ({', '.join(weak)})."
        )
    if not all(one.intact for one in signatures):
        return "Văn bản hoặc chữ ký đã bị thay đổi sau khi ký. Không nên tin văn bản này."
    return f"Văn bản có {len(signatures)} chữ ký số, trong đó {wrong} chữ ký chưa đủ tin cậy."


def text(value: object) -> str:
    """Return an outsider's word cut to what a page can show."""
    return "".join(letter for letter in str(value)[:LONGEST_TEXT] if letter.isprintable())


def _signer(facts: Who) -> str:
    if facts["kind"] == "agency":
        return f"Cơ quan {facts['signer']}"
    named = [facts["signer"] or "Người ký không rõ tên", facts["title"], facts["organisation"]]
    return ", ".join(part for part in named if part)


def _when(signed_at: datetime | None, *, stamped: bool) -> str:
    if signed_at is None:
        return "không ghi thời gian"
    return f"{_moment(signed_at)}" + ("" if stamped else " theo lời khai của máy ký")


def _moment(moment: datetime) -> str:
    return moment.astimezone(clock.VIETNAM).strftime("lúc %H:%M:%S ngày %d/%m/%Y")
