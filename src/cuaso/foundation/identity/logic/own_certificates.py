"""Certificates by which a person signs in: shown over TLS, named by their owner beforehand."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from cuaso.foundation.identity.contracts import CertificateStanding
from cuaso.foundation.identity.logic.ask_issuer import (
    accepts_unasked,
    revoked,
    standing_of,
    unasked,
)
from cuaso.foundation.identity.logic.end_certified import stand_on_certificate
from cuaso.foundation.identity.logic.identify import enter, prove_again
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.logic.record_account_act import actor_for, record_account_act
from cuaso.foundation.identity.logic.strength import CERTIFICATE
from cuaso.foundation.identity.logic.tell_factor import tell_factor
from cuaso.foundation.identity.logic.tend_certificates import end_revoked
from cuaso.foundation.identity.models import Account, PersonCertificate
from cuaso.foundation.identity.provider.proofs.certificate import presented_certificate
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The certificate of a connection. Whether it holds now is asked apart."""

    pem: str
    thumbprint: str
    subject: str
    issuer: str
    valid_from: datetime
    valid_until: datetime


def shown_certificate(request: HttpRequest) -> Shown:
    """Return the certificate that the trusted proxy has verified the key of.

    Raises Invalid when none was shown or it cannot be read, NotAllowed outside its validity.
    """
    shown = _shown(request)
    if shown is None:
        raise Invalid(
            code="identity.no_certificate",
            what="Trình duyệt chưa xuất trình chứng thư số.",
            why="Chưa cắm thiết bị giữ khóa, hoặc đường truyền này không nhận chứng thư.",
            mend="Hãy cắm thiết bị, chọn chứng thư khi trình duyệt hỏi, rồi thử lại.",
            status=400,
        )
    if not shown.valid_from <= now() <= shown.valid_until:
        raise NotAllowed(
            code="identity.certificate_out_of_time",
            what="Chứng thư số này không trong thời hạn sử dụng.",
            why=f"Thời hạn từ {shown.valid_from:%d/%m/%Y} đến {shown.valid_until:%d/%m/%Y}.",
            mend="Hãy dùng chứng thư còn hạn, hoặc đăng nhập bằng cách khác.",
        )
    return shown


def enter_by_certificate(request: HttpRequest, *, next_url: str) -> HttpResponse:
    """Let in the account that has named the certificate; raise as `shown_certificate`, NotAllowed
    for one that nobody has named, that was removed or revoked, and Unavailable where its issuer
    does not answer and that is not accepted.
    """
    shown = shown_certificate(request)
    row = _open(shown.thumbprint)
    if row is None or not row.account.is_active:
        raise NotAllowed(
            code="identity.certificate_unknown",
            what="Không đăng nhập được bằng chứng thư số này.",
            why="Chứng thư chưa được tài khoản nào đăng ký, hoặc đã bị gỡ.",
            mend="Hãy đăng nhập bằng cách khác, rồi đăng ký chứng thư tại trang Bảo mật tài khoản.",
        )
    _require_good(request, shown, row=row)
    PersonCertificate.objects.filter(pk=row.pk).update(used_at=now())
    answer = enter(request, account=row.account, way=CERTIFICATE, next_url=next_url)
    stand_on_certificate(session_key=request.session.session_key, certificate=row)
    return answer


def prove_by_certificate(request: HttpRequest) -> None:
    """Take the certificate as one more proof of who is signed in; raise NotAllowed for others',
    else as `enter_by_certificate`.
    """
    shown, account = shown_certificate(request), account_of(request)
    row = _open(shown.thumbprint)
    if account is None or row is None or row.account_id != account.id:
        raise NotAllowed(
            code="identity.certificate_of_another",
            what="Chứng thư số này chưa được đăng ký cho tài khoản của ông/bà.",
            mend="Hãy đăng ký chứng thư trước, hoặc xác nhận bằng cách khác.",
        )
    _require_good(request, shown, row=row)
    prove_again(request, account=account, way=CERTIFICATE)
    stand_on_certificate(session_key=request.session.session_key, certificate=row)


def name_certificate(request: HttpRequest, *, account: Account) -> PersonCertificate:
    """Let the account be entered by the certificate that is shown; raise Conflict for another's,
    NotAllowed for a revoked one, Unavailable as `enter_by_certificate`.
    """
    shown = shown_certificate(request)
    held = _open(shown.thumbprint)
    if held is not None:
        raise Conflict(
            code="identity.certificate_taken",
            what="Chứng thư số này đã được đăng ký.",
            mend="Mỗi chứng thư chỉ mở một tài khoản. Hãy dùng chứng thư khác.",
        )
    standing = standing_of(shown.pem)
    if standing.state == "revoked":
        raise revoked(standing)
    if standing.state == "unknown" and not accepts_unasked():
        raise unasked(standing)
    with transaction.atomic():
        row = PersonCertificate.objects.create(
            account=account,
            certificate_pem=shown.pem,
            thumbprint=shown.thumbprint,
            subject=shown.subject,
            issuer=shown.issuer,
            valid_until=shown.valid_until,
        )
        record_account_act(
            account,
            act="identity.certificate_named",
            request=request,
            content={"thumbprint": shown.thumbprint, "subject": shown.subject},
        )
        tell_factor(account, act="identity.certificate_named")
    return row


def remove_certificate(request: HttpRequest, *, account: Account, id: UUID) -> None:
    """Stop a certificate of the account from opening it; raise NotFound for any other."""
    with transaction.atomic():
        mine = PersonCertificate.objects.filter(pk=id, account=account, ended_at=None)
        if not mine.update(ended_at=now()):
            raise NotFound(
                code="identity.no_such_certificate",
                what="Không có chứng thư này trong tài khoản của ông/bà.",
                mend="Hãy mở lại trang Bảo mật tài khoản.",
            )
        record_account_act(
            account, act="identity.certificate_removed", request=request, content={"id": id}
        )
        tell_factor(account, act="identity.certificate_removed")


def certificates_of(account: Account) -> tuple[PersonCertificate, ...]:
    rows = PersonCertificate.objects.filter(account=account, ended_at=None)
    return tuple(rows.order_by("added_at"))


def _require_good(request: HttpRequest, shown: Shown, *, row: PersonCertificate) -> None:
    """A revoked certificate is ended; what was believed or refused unasked stands in the ledger."""
    standing = standing_of(shown.pem)
    if standing.state == "revoked":
        end_revoked(row, standing, actor=actor_for(row.account, request=request))
        raise revoked(standing)
    if standing.state == "good":
        return
    _record_unasked(request, standing, row=row)
    if not accepts_unasked():
        raise unasked(standing)


def _record_unasked(
    request: HttpRequest, standing: CertificateStanding, *, row: PersonCertificate
) -> None:
    with transaction.atomic():
        record_account_act(
            row.account,
            act="identity.certificate_unasked",
            request=request,
            content={
                "thumbprint": row.thumbprint,
                "why": standing.why,
                "accepted": accepts_unasked(),
            },
        )


def _open(thumbprint: str) -> PersonCertificate | None:
    rows = PersonCertificate.objects.select_related("account")
    return rows.filter(thumbprint=thumbprint, ended_at=None).first()


def _shown(request: HttpRequest) -> Shown | None:
    try:
        found = x509.load_pem_x509_certificate(presented_certificate(request).encode())
    except ValueError:
        return None
    hashed = hashlib.sha256(found.public_bytes(Encoding.DER)).digest()
    return Shown(
        pem=found.public_bytes(Encoding.PEM).decode(),
        thumbprint=base64.urlsafe_b64encode(hashed).rstrip(b"=").decode(),
        subject=found.subject.rfc4514_string(),
        issuer=found.issuer.rfc4514_string(),
        valid_from=found.not_valid_before_utc,
        valid_until=found.not_valid_after_utc,
    )
