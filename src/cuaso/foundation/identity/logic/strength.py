"""How strongly a session has proven its person: one table for every way in."""

from collections.abc import Iterable, Mapping
from typing import Final

ONE: Final = 1
TWO: Final = 2

PASSWORD: Final = "password"  # noqa: S105 the name of a way, no secret
CODE: Final = "totp"
RECOVERY_CODE: Final = "recovery_codes"
PASSKEY: Final = "webauthn"
CERTIFICATE: Final = "certificate"
BIOMETRIC: Final = "biometric"
VNEID: Final = "socialaccount"

# A key that its owner unlocks, or a face that a national service has compared, are two factors.
_BOTH: Final = frozenset({PASSKEY, CERTIFICATE, BIOMETRIC})
_SECOND: Final = frozenset({CODE, RECOVERY_CODE})

WORDS: Final[Mapping[str, str]] = {
    PASSWORD: "mật khẩu",
    CODE: "mã dùng một lần",
    RECOVERY_CODE: "mã dự phòng",
    PASSKEY: "khóa truy cập",
    CERTIFICATE: "chứng thư số",
    BIOMETRIC: "kết quả sinh trắc của hệ thống quốc gia",
    VNEID: "VNeID",
}


def strength_of(ways: Iterable[str], *, vneid_level: int = 0) -> int:
    """Return 2 for two factors, 1 for one, 0 for a VNeID account whose level nobody knows."""
    shown = set(ways)
    if shown & _BOTH or (PASSWORD in shown and shown & _SECOND):
        return TWO
    if VNEID in shown:
        return vneid_level
    return ONE if shown else 0


def way_of(record: Mapping[str, object]) -> str:
    """Return the way of one of the library's records of a proof."""
    return str(record.get("type") or record.get("method"))


def said(ways: Iterable[str]) -> str:
    """Return the ways in words, in the order of the table."""
    shown = set(ways)
    return ", ".join(word for way, word in WORDS.items() if way in shown)
