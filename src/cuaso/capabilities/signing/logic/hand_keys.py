"""Keys in a person's own hand: behind an application on the phone, or in the SIM.

Whoever takes one up proves it: the certificate bears their name and the phone signs once. The
asker keeps the proof meanwhile, so that no request waits for a hand.
"""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from cuaso.capabilities.signing.contracts import HandWay, KeyInfo, KeyProof
from cuaso.capabilities.signing.logic import hand_refusals, refusals, surroundings
from cuaso.capabilities.signing.logic.keys import info, keep, revoke_key
from cuaso.capabilities.signing.logic.mobile.keys import (
    MobileKeys,
    control_code,
    mobile_service,
    number_of,
)
from cuaso.capabilities.signing.logic.proving import signed_by
from cuaso.capabilities.signing.logic.remote.keys import RemoteKeys, remote_service
from cuaso.capabilities.signing.models import SigningKey
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.identifiers import unguessable
from cuaso.kernel.text import one_line

PROVIDERS: Final[dict[HandWay, str]] = {"phone": RemoteKeys.name, "sim": MobileKeys.name}
PHONE_TIME: Final = timedelta(minutes=5)


def hand_keys(*, owner_id: UUID) -> tuple[KeyInfo, ...]:
    """Return the keys in a post's hand, the newest first; those given up too."""
    rows = SigningKey.objects.defer("picture").filter(
        owner_id=owner_id, provider__in=PROVIDERS.values()
    )
    return tuple(_told(row) for row in rows.order_by("-issued_at", "-id"))


def _told(row: SigningKey) -> KeyInfo:
    certificate = x509.load_pem_x509_certificate(row.certificate_pem.encode())
    found = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    return replace(info(row), account=row.handle, issuer=str(found[0].value) if found else "")


def hand_key(*, owner_id: UUID, name: str, way: HandWay) -> KeyInfo | None:
    """Return the key with which a post signs in one way now; None when it has none.

    `name` is who holds the post: the key of who held it before signs nothing for it.
    """
    now = clock.now()
    for key in hand_keys(owner_id=owner_id):
        in_force = key.revoked_at is None and key.valid_from_at <= now < key.valid_to_at
        if key.provider == PROVIDERS[way] and in_force and _same(key.subject_name, name):
            return key
    return None


def ask_proof(*, way: HandWay, account: str, name: str) -> KeyProof:
    """Ask a key for one signature on its owner's phone, and return what to take it up with.

    `account` is the provider's name of the key, or the number of the SIM. Raises Invalid for a
    certificate of somebody else than `name`, Conflict for one that is taken up already, else as
    the service refuses.
    """
    surroundings.stand_outside_transactions()
    handle = number_of(account) if way == "sim" else account.strip()
    if not handle:
        raise _account_missing()
    certificate, _ = _certificates(way, handle)
    _check(certificate, name=name)
    challenge = f"{handle} {unguessable(16)}"
    digest = hashlib.sha256(challenge.encode()).digest()
    code = control_code(digest) if way == "sim" else ""
    return KeyProof(
        way=way,
        account=handle,
        name=_attribute(certificate, NameOID.COMMON_NAME),
        organisation=_attribute(certificate, NameOID.ORGANIZATION_NAME),
        transaction=_push(way, handle, digest),
        challenge=challenge,
        code=code,
        ends_at=clock.now() + _time(way),
    )


def take_up_key(proof: KeyProof, *, name: str, owner_id: UUID, actor: Actor) -> KeyInfo | None:
    """Keep the key for a post once its owner signed on the phone; None while nobody answered.

    Raises NotAllowed when the owner refused, Unavailable when the time is over or the signature is
    not the certificate's, else as `ask_proof`; nothing is kept then.
    """
    surroundings.stand_outside_transactions()
    content = proof.challenge.encode()
    signature = _signature(proof, hashlib.sha256(content).digest())
    if signature is None:
        if clock.now() >= proof.ends_at:
            raise refusals.mobile_late() if proof.way == "sim" else refusals.remote_late()
        return None
    certificate, chain_pem = _certificates(proof.way, proof.account)
    _check(certificate, name=name)
    if not signed_by(certificate, signature=signature, content=content):
        raise refusals.signature_of_other_key()
    return keep(
        label=_label(proof.way, owner_id),
        kind="person",
        owner_id=owner_id,
        certificate=certificate,
        chain_pem=chain_pem,
        provider=PROVIDERS[proof.way],
        handle=proof.account,
        demonstration=False,
        picture=None,
        actor=actor,
    )


def give_up_key(*, id: UUID, owner_id: UUID, reason: str, actor: Actor) -> KeyInfo:
    """Have a key in one's own hand sign no more; what it signed stays valid.

    Raises NotFound for another's key and for one that is not in a hand; else as `revoke_key`.
    """
    row = SigningKey.objects.filter(
        pk=id, owner_id=owner_id, provider__in=PROVIDERS.values()
    ).first()
    if row is None:
        raise hand_refusals.no_hand_key()
    return revoke_key(label=row.label, reason=reason, actor=actor)


def _label(way: HandWay, owner_id: UUID) -> str:
    """Return the next name of a post's key: one that was given up keeps its own."""
    first = f"{way}-{owner_id}"
    count = SigningKey.objects.filter(label__startswith=first).count()
    return f"{first}-{count + 1}" if count else first


def _certificates(way: HandWay, handle: str) -> tuple[x509.Certificate, str]:
    told = (mobile_service() if way == "sim" else remote_service()).certificates(handle)
    return x509.load_pem_x509_certificate(told.own.encode()), told.chain


def _check(certificate: x509.Certificate, *, name: str) -> None:
    named = _attribute(certificate, NameOID.COMMON_NAME)
    if not _same(named, name):
        raise hand_refusals.certificate_of_other_person()
    if not certificate.not_valid_before_utc <= clock.now() < certificate.not_valid_after_utc:
        raise hand_refusals.certificate_out_of_time()
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    if SigningKey.objects.filter(fingerprint=fingerprint).exists():
        raise hand_refusals.certificate_taken()


def _same(one: str, other: str) -> bool:
    """Say whether two names are one: certificates write them in capitals too."""
    return one_line(one).casefold() == one_line(other).casefold()


def _push(way: HandWay, handle: str, digest: bytes) -> str:
    said = "Đăng ký khóa ký số với Cửa Số"
    if way == "sim":
        return mobile_service().ask(
            handle,
            digest=digest,
            shown=f"{said}, mã kiểm tra {control_code(digest)}",
            seconds=_time(way).total_seconds(),
        )
    documents = [{"title": said, "sha256": digest.hex()}]
    return remote_service().ask(handle, hashes=[digest], description=said, documents=documents)


def _signature(proof: KeyProof, digest: bytes) -> bytes | None:
    if proof.way == "sim":
        return mobile_service().signed(proof.transaction)
    service = remote_service()
    activation = service.agreed(proof.transaction)
    if activation is None:
        return None
    return service.sign(proof.account, activation=activation, hashes=[digest])[0]


def _time(way: HandWay) -> timedelta:
    return timedelta(seconds=surroundings.mss_wait_seconds()) if way == "sim" else PHONE_TIME


def _attribute(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _account_missing() -> Invalid:
    return Invalid(
        code="signing.account_missing",
        what="Chưa đăng ký được khóa.",
        mend="Hãy nhập mã khóa mà nhà cung cấp đã báo.",
        problems=(Problem(field="account", say="Hãy nhập mã khóa."),),
    )
