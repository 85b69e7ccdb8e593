"""Issue, register, revoke and look up signing keys."""

from collections.abc import Mapping
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.db import IntegrityError, transaction

from cuaso.capabilities.signing.contracts import KeyInfo, KeyKind
from cuaso.capabilities.signing.logic import pictures, providers, refusals, surroundings
from cuaso.capabilities.signing.logic.authority import authority, certify
from cuaso.capabilities.signing.logic.keyfile import LABEL
from cuaso.capabilities.signing.logic.mobile.keys import MobileKeys, mobile_service, number_of
from cuaso.capabilities.signing.logic.proving import signed_by
from cuaso.capabilities.signing.logic.remote.keys import RemoteKeys, remote_service
from cuaso.capabilities.signing.logic.weakness import of_signed
from cuaso.capabilities.signing.models import SigningKey
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed
from cuaso.kernel.identifiers import unguessable
from cuaso.kernel.subjects import Subject


def issue_key(
    *,
    label: str,
    subject_name: str,
    organisation: str,
    actor: Actor,
    kind: KeyKind = "person",
    title: str = "",
    owner_id: UUID | None = None,
    picture: bytes | None = None,
) -> KeyInfo:
    """Make a key in the current provider and certify it by the demonstration authority.

    `owner_id` is the post (person) or the agency. `picture` is a PNG with transparency:
    the handwritten signature or the seal. Raises Conflict for a label in use, NotAllowed in
    production, where certificates come from the public-service authority (`register_key`).
    """
    surroundings.stand_outside_transactions()
    if surroundings.is_production():
        raise NotAllowed(
            code="signing.demonstration_authority",
            what="Chế độ vận hành chính thức không tự cấp chứng thư số.",
            mend="Hãy xin chứng thư số chuyên dùng công vụ rồi đăng ký khóa.",
        )
    _check_new(label, picture)
    provider = providers.current()
    # A name of its own: of two acts with one label the loser destroys only what it made.
    handle = f"{label}.{unguessable(8)}"
    public_key = provider.generate(label=handle)
    try:
        certificate = certify(
            public_key=public_key,
            kind=kind,
            name=subject_name,
            organisation=organisation,
            title=title,
        )
        chain = authority().issuing.public_bytes(Encoding.PEM).decode()
        return keep(
            label=label,
            kind=kind,
            owner_id=owner_id,
            subject_name=subject_name,
            certificate=certificate,
            chain_pem=chain,
            provider=provider.name,
            handle=handle,
            demonstration=True,
            picture=picture,
            actor=actor,
        )
    except BaseException:
        provider.destroy(label=handle)
        raise


def register_key(
    *,
    label: str,
    kind: KeyKind,
    certificate_pem: str,
    chain_pem: str,
    actor: Actor,
    owner_id: UUID | None = None,
    picture: bytes | None = None,
) -> KeyInfo:
    """Take up a key that lies in the provider already, with a certificate from outside.

    The key proves itself by one signature. Raises Invalid when it is not the certificate's.
    """
    surroundings.stand_outside_transactions()
    _check_new(label, picture)
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
    except ValueError as error:
        raise Invalid(
            code="signing.certificate_wrong",
            what="Chứng thư số không đọc được.",
            mend="Hãy chọn tệp chứng thư dạng PEM.",
        ) from error
    provider = providers.current()
    proof = label.encode()
    signature = provider.sign(label=label, content=proof)
    if not signed_by(certificate, signature=signature, content=proof):
        raise Invalid(
            code="signing.certificate_of_other_key",
            what=f"Chứng thư số không phải của khóa “{label}”.",
            mend="Hãy chọn đúng chứng thư của khóa này.",
        )
    return keep(
        label=label,
        kind=kind,
        owner_id=owner_id,
        certificate=certificate,
        chain_pem=chain_pem,
        provider=provider.name,
        handle=label,
        demonstration=False,
        picture=picture,
        actor=actor,
    )


def register_remote_key(
    *,
    label: str,
    kind: KeyKind,
    credential_id: str,
    actor: Actor,
    owner_id: UUID | None = None,
    picture: bytes | None = None,
) -> KeyInfo:
    """Take up a key that a remote provider holds; its certificates come from there.

    Every later signature is checked against them. Raises a Refusal of the provider.
    """
    surroundings.stand_outside_transactions()
    _check_new(label, picture)
    told = remote_service().certificates(credential_id)
    return keep(
        label=label,
        kind=kind,
        owner_id=owner_id,
        certificate=x509.load_pem_x509_certificate(told.own.encode()),
        chain_pem=told.chain,
        provider=RemoteKeys.name,
        handle=credential_id,
        demonstration=False,
        picture=picture,
        actor=actor,
    )


def register_mobile_key(
    *,
    label: str,
    number: str,
    actor: Actor,
    owner_id: UUID | None = None,
    picture: bytes | None = None,
) -> KeyInfo:
    """Take up the key in a person's SIM; its certificates come from the service.

    The person proves it by one PIN on the phone. Raises Invalid for a number that is none or a key
    that is not the certificate's, NotFound for a number without such a SIM, else as the service
    refuses; nothing is registered then.
    """
    surroundings.stand_outside_transactions()
    _check_new(label, picture)
    handle = number_of(number)
    service = mobile_service()
    told = service.certificates(handle)
    certificate = x509.load_pem_x509_certificate(told.own.encode())
    proof = f"{label} {unguessable(16)}".encode()
    signature = MobileKeys(service=service).sign(label=handle, content=proof)
    if not signed_by(certificate, signature=signature, content=proof):
        raise refusals.signature_of_other_key()
    return keep(
        label=label,
        kind="person",
        owner_id=owner_id,
        certificate=certificate,
        chain_pem=told.chain,
        provider=MobileKeys.name,
        handle=handle,
        demonstration=False,
        picture=picture,
        actor=actor,
    )


def revoke_key(*, label: str, reason: str, actor: Actor) -> KeyInfo:
    """Refuse the key from now on; what it signed before stays valid."""
    if not reason.strip():
        raise Invalid(
            code="signing.reason_missing",
            what="Chưa ghi lý do thu hồi khóa.",
            mend="Hãy ghi lý do, ví dụ: thôi giữ chức vụ, mất thiết bị.",
        )
    with transaction.atomic():
        row = SigningKey.objects.select_for_update().filter(label=label).first()
        if row is None:
            raise refusals.no_key(label)
        if row.revoked_at is not None:
            raise refusals.key_revoked(label)
        row.revoked_at, row.revoke_reason = clock.now(), reason
        row.save(update_fields=["revoked_at", "revoke_reason"])
        audit.record(
            actor=actor,
            act="signing.key_revoked",
            subject=Subject(kind="signing.key", id=row.id),
            content={"label": label, "fingerprint": row.fingerprint},
            reason=reason,
        )
    return info(row)


def usable(*, label: str, kind: KeyKind) -> SigningKey:
    """Return the row of a key that may sign now. Raises a Refusal that says why not."""
    row = SigningKey.objects.filter(label=label).first()
    if row is None:
        raise refusals.no_key(label)
    if row.kind != kind:
        raise refusals.wrong_kind(label, kind)
    if row.revoked_at is not None:
        raise refusals.key_revoked(label)
    if not row.valid_from_at <= clock.now() < row.valid_to_at:
        raise refusals.key_expired(label)
    if row.demonstration and surroundings.is_production():
        raise refusals.key_files_in_production()
    return row


def keys(*, owner_id: UUID | None = None) -> tuple[KeyInfo, ...]:
    """Return all keys, or those of one post or agency, by label; revoked ones too."""
    rows = SigningKey.objects.defer("picture")
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    return tuple(info(row) for row in rows)


def revocations() -> Mapping[str, str]:
    """Return fingerprint → ISO moment of revocation of every revoked key."""
    rows = SigningKey.objects.filter(revoked_at__isnull=False).values_list(
        "fingerprint", "revoked_at"
    )
    return {fingerprint: moment.isoformat() for fingerprint, moment in rows if moment}


def info(row: SigningKey) -> KeyInfo:
    return KeyInfo(
        id=row.id,
        label=row.label,
        kind="agency" if row.kind == "agency" else "person",
        owner_id=row.owner_id,
        subject_name=row.subject_name,
        organisation=row.organisation,
        title=row.title,
        certificate_pem=row.certificate_pem,
        fingerprint=row.fingerprint,
        valid_from_at=row.valid_from_at,
        valid_to_at=row.valid_to_at,
        provider=row.provider,
        demonstration=row.demonstration,
        issued_at=row.issued_at,
        revoked_at=row.revoked_at,
        revoke_reason=row.revoke_reason,
    )


def _check_new(label: str, picture: bytes | None) -> None:
    if not LABEL.fullmatch(label):
        raise Invalid(
            code="signing.label_wrong",
            what=f"Nhãn khóa “{label}” chưa đúng.",
            mend="Nhãn gồm chữ thường không dấu, số, dấu chấm, gạch nối; dài không quá 63 ký tự.",
        )
    if picture is not None:
        pictures.check(picture)
    if SigningKey.objects.filter(label=label).exists():
        raise _label_taken(label)


def keep(
    *,
    label: str,
    kind: KeyKind,
    owner_id: UUID | None,
    certificate: x509.Certificate,
    subject_name: str = "",
    chain_pem: str,
    provider: str,
    handle: str,
    demonstration: bool,
    picture: bytes | None,
    actor: Actor,
) -> KeyInfo:
    """Write down a key and its certificate. Raises Conflict for a label in use, Invalid for a
    certificate whose signatures nobody would believe, or a chain that cannot be read.
    """
    _check_certificates(certificate, chain_pem)
    row = SigningKey(
        label=label,
        kind=kind,
        owner_id=owner_id,
        subject_name=subject_name or _attribute(certificate, NameOID.COMMON_NAME),
        organisation=_attribute(certificate, NameOID.ORGANIZATION_NAME),
        title=_attribute(certificate, NameOID.TITLE),
        certificate_pem=certificate.public_bytes(Encoding.PEM).decode(),
        chain_pem=chain_pem,
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        valid_from_at=certificate.not_valid_before_utc,
        valid_to_at=certificate.not_valid_after_utc,
        provider=provider,
        handle=handle,
        demonstration=demonstration,
        picture=picture,
        issued_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            audit.record(
                actor=actor,
                act="signing.key_issued",
                subject=Subject(kind="signing.key", id=row.id),
                content={
                    "label": label,
                    "kind": kind,
                    "owner_id": str(owner_id or ""),
                    "subject_name": row.subject_name,
                    "fingerprint": row.fingerprint,
                    "provider": provider,
                },
            )
    except IntegrityError as error:
        raise _label_taken(label) from error
    return info(row)


def _check_certificates(certificate: x509.Certificate, chain_pem: str) -> None:
    weak = of_signed(certificate)
    if weak:
        raise refusals.certificate_weak(weak)
    if not chain_pem.strip():
        return
    try:
        x509.load_pem_x509_certificates(chain_pem.encode())
    except ValueError as error:
        raise refusals.chain_unreadable() from error


def _label_taken(label: str) -> Conflict:
    return Conflict(
        code="signing.label_taken",
        what=f"Đã có khóa mang nhãn “{label}”.",
        mend="Hãy chọn nhãn khác, hoặc dùng khóa đã có.",
    )


def _attribute(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
