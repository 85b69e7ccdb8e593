"""What a system says of itself must make sense and be safe."""

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.foundation.identity.provider import terms
from cuaso.foundation.identity.provider.clients.public_keys import holds_secret, key_set
from cuaso.kernel.errors import Invalid, Problem

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST_NAME: Final = 200
_MOST: Final = 20
_FAPI_METHODS: Final = ("private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth")


def check_draft(draft: SystemDraft) -> None:
    """Raise Invalid with every problem of the draft."""
    problems = tuple(_problems(draft))
    if problems:
        raise Invalid(
            code="identity.system_invalid",
            what="Chưa đăng ký được hệ thống.",
            why="Thông tin của hệ thống còn chỗ chưa đúng.",
            mend="Hãy sửa từng chỗ rồi gửi lại.",
            problems=problems,
        )


def is_safe_address(address: str) -> bool:
    """Whether an answer may go there: HTTPS, or plain HTTP on the system's own machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        good = parts.port != 0
    except ValueError:
        return False
    clean = not parts.fragment and "@" not in parts.netloc and "*" not in address
    odd = any(letter.isspace() or not letter.isprintable() or letter == "\\" for letter in address)
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    return bool(host) and good and clean and not odd and secure


def _problems(draft: SystemDraft) -> Iterator[Problem]:
    if not 0 < len(draft.name) <= _LONGEST_NAME:
        yield Problem(field="name", say="Hãy đặt tên hệ thống, dài nhất 200 ký tự.")
    yield from _unknown("auth_method", [draft.auth_method], terms.AUTH_METHODS)
    yield from _unknown("grant_types", draft.grant_types, terms.GRANT_TYPES)
    yield from _unknown("algorithm", [draft.algorithm], terms.ALGORITHMS)
    yield from _addresses(draft)
    yield from _proofs(draft)
    if draft.fapi and draft.auth_method not in _FAPI_METHODS:
        yield Problem(
            field="auth_method",
            say="Hồ sơ FAPI 2 cần hệ thống tự xác thực bằng khóa riêng hoặc chứng thư.",
        )


def _unknown(field: str, told: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    for one in sorted(set(told) - set(known)):
        yield Problem(field=field, say=f"Không hỗ trợ “{one[:80]}”.")


def _addresses(draft: SystemDraft) -> Iterator[Problem]:
    if terms.CODE in draft.grant_types and not draft.redirect_uris:
        yield Problem(field="redirect_uris", say="Hãy cho ít nhất một địa chỉ nhận kết quả.")
    told = {
        "redirect_uris": draft.redirect_uris,
        "post_logout_redirect_uris": draft.post_logout_redirect_uris,
        "backchannel_logout_uri": [one for one in [draft.backchannel_logout_uri] if one],
    }
    for field, addresses in told.items():
        if len(addresses) > _MOST or not all(is_safe_address(one) for one in addresses):
            yield Problem(
                field=field,
                say="Địa chỉ phải đầy đủ, bắt đầu bằng https:// (hoặc http:// trên chính máy đó), "
                "không có dấu # và không có ký tự đại diện.",
            )


def _proofs(draft: SystemDraft) -> Iterator[Problem]:
    if draft.jwks_uri and (draft.jwks or not is_safe_address(draft.jwks_uri)):
        yield Problem(
            field="jwks_uri",
            say="Địa chỉ bộ khóa phải đầy đủ, bắt đầu bằng https://, và thay cho bộ khóa gửi kèm.",
        )
    elif draft.auth_method == "private_key_jwt" and not (draft.jwks_uri or _has_public_keys(draft)):
        yield Problem(field="jwks", say="Hãy gửi bộ khóa công khai (JWKS) của hệ thống.")
    certified = draft.auth_method == "self_signed_tls_client_auth"
    if certified and not draft.certificate_thumbprints:
        yield Problem(field="certificate_thumbprints", say="Hãy gửi dấu vân SHA-256 của chứng thư.")
    if draft.auth_method == "none" and terms.MACHINE in draft.grant_types:
        yield Problem(
            field="grant_types", say="Hệ thống không tự xác thực thì không được lấy mã cho mình."
        )


def _has_public_keys(draft: SystemDraft) -> bool:
    try:
        keys = key_set(draft.jwks).keys
    except (KeyError, TypeError, AttributeError):
        return False
    return bool(keys) and not holds_secret(draft.jwks["keys"])
