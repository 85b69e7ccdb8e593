"""Read what a system says of itself: the metadata of a SAML service provider."""

import base64
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree
from saml2 import md

from cuaso.foundation.identity.provider.clients.check_draft import is_safe_address
from cuaso.foundation.identity.saml.messages.safely import read_xml
from cuaso.foundation.identity.saml.terms import POST, REDIRECT, SOAP
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Invalid, Problem, Refusal

_FEWEST_BITS: Final = 2048
_MOST: Final = 20
_LONGEST_ID: Final = 1024


@dataclass(frozen=True, kw_only=True)
class Described:
    """A service provider's metadata. `consumers` are (index, address) of its POST consumers."""

    entity_id: str
    certificates: tuple[str, ...]
    encryption_certificate: str
    consumers: tuple[tuple[int, str], ...]
    logout_redirect: str
    logout_post: str
    logout_soap: str
    logout_answer: str
    signs: bool


def read_metadata(text: str) -> Described:
    """Return the description; raise Invalid with every problem of it."""
    described = _described(_descriptor(text))
    problems = tuple(_problems(described))
    if problems:
        raise _invalid(*problems)
    return described


def _descriptor(text: str) -> md.EntityDescriptor:
    try:
        root = read_xml(text.strip().encode())
        entity = md.entity_descriptor_from_string(etree.tostring(root))
    except Refusal as refusal:
        raise _invalid(Problem(field="metadata", say=refusal.why)) from refusal
    except Exception as problem:
        raise _invalid(_unreadable()) from problem
    if entity is None or not entity.spsso_descriptor or not entity.entity_id:
        raise _invalid(_unreadable())
    return entity


def _unreadable() -> Problem:
    return Problem(
        field="metadata",
        say="Không đọc được mô tả: cần một EntityDescriptor có SPSSODescriptor của SAML 2.0.",
    )


def _described(entity: md.EntityDescriptor) -> Described:
    role = entity.spsso_descriptor[0]
    leaves = {one.binding: one.location or "" for one in role.single_logout_service}
    answers = {one.binding: one.response_location or "" for one in role.single_logout_service}
    return Described(
        entity_id=str(entity.entity_id),
        certificates=_certificates(role, use="signing"),
        encryption_certificate=next(iter(_certificates(role, use="encryption")), ""),
        consumers=tuple(_consumers(role)),
        logout_redirect=leaves.get(REDIRECT, ""),
        logout_post=leaves.get(POST, ""),
        logout_soap=leaves.get(SOAP, ""),
        logout_answer=answers.get(REDIRECT if REDIRECT in leaves else POST, ""),
        signs=str(role.authn_requests_signed).lower() in ("true", "1"),
    )


def _consumers(role: Any) -> Iterator[tuple[int, str]]:  # noqa: ANN401 pySAML2 ships no types
    """The default one first (SAML metadata 2.2.3), then by index."""
    services = [one for one in role.assertion_consumer_service if one.binding == POST]
    services.sort(key=lambda one: (str(one.is_default).lower() != "true", _index(one)))
    for service in services:
        yield _index(service), service.location or ""


def _index(service: Any) -> int:  # noqa: ANN401 pySAML2 ships no types
    told = str(service.index or "0")
    return int(told) if told.isdecimal() else 0


def _certificates(role: Any, *, use: str) -> tuple[str, ...]:  # noqa: ANN401 pySAML2 ships no types
    """Return those of a use; a key without one serves both (SAML metadata 2.4.1.1)."""
    found = [
        certificate.x509_certificate.text or ""
        for descriptor in role.key_descriptor
        if descriptor.use in (None, use) and descriptor.key_info is not None
        for data in descriptor.key_info.x509_data
        for certificate in [data]
        if certificate.x509_certificate is not None
    ]
    return tuple(_pem(one) for one in found)


def _pem(told: str) -> str:
    body = "\n".join(textwrap.wrap("".join(told.split()), 64))
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


def _problems(told: Described) -> Iterator[Problem]:
    if len(told.entity_id) > _LONGEST_ID or not told.entity_id.isprintable():
        yield Problem(field="metadata", say="Mã thực thể (entityID) quá dài hoặc có ký tự lạ.")
    if not 0 < len(told.consumers) <= _MOST:
        yield Problem(
            field="metadata",
            say="Hãy khai báo ít nhất một địa chỉ nhận kết quả (AssertionConsumerService) "
            "theo lối HTTP-POST.",
        )
    named = [address for _, address in told.consumers]
    leaving = [told.logout_redirect, told.logout_post, told.logout_soap, told.logout_answer]
    if not all(is_safe_address(one) for one in [*named, *filter(None, leaving)]):
        yield Problem(
            field="metadata",
            say="Địa chỉ phải đầy đủ, bắt đầu bằng https:// (hoặc http:// trên chính máy đó).",
        )
    if not told.certificates:
        yield Problem(field="metadata", say="Thiếu chứng thư ký (KeyDescriptor) của hệ thống.")
    if not all(_is_good(one) for one in told.certificates):
        yield Problem(
            field="metadata",
            say="Chứng thư ký không đọc được, đã hết hạn, hoặc khóa yếu (RSA cần từ 2.048 bit).",
        )
    if told.encryption_certificate and not _is_good(told.encryption_certificate, rsa_only=True):
        yield Problem(
            field="metadata",
            say="Chứng thư mã hóa không dùng được: cần khóa RSA từ 2.048 bit, còn hạn.",
        )


def _is_good(pem: str, *, rsa_only: bool = False) -> bool:
    try:
        base64.b64decode("".join(pem.splitlines()[1:-1]), validate=True)
        certificate = x509.load_pem_x509_certificate(pem.encode())
        key = certificate.public_key()
    except ValueError:
        return False
    if certificate.not_valid_after_utc < now():
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= _FEWEST_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and not rsa_only


def _invalid(*problems: Problem) -> Invalid:
    return Invalid(
        code="identity.partner_invalid",
        what="Chưa đăng ký được hệ thống.",
        why="Bản mô tả SAML của hệ thống còn chỗ chưa đúng.",
        mend="Hãy sửa từng chỗ rồi gửi lại.",
        problems=problems,
    )


def unknown_names(told: Iterable[str], known: Iterable[str]) -> Invalid | None:
    """Return the refusal of names that are no attributes of ours, None when all are."""
    strange = sorted(set(told) - set(known))
    if not strange:
        return None
    say = f"Không có thuộc tính “{strange[0][:80]}”."
    return _invalid(Problem(field="attributes", say=say))
