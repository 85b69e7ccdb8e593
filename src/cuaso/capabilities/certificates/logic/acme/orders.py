"""An account wants a certificate: order, proof of each name, request (RFC 8555, 7.4)."""

import base64
import binascii
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.certificates.contracts import AcmeAnswer
from cuaso.capabilities.certificates.logic.acme.accounts import actor_of
from cuaso.capabilities.certificates.logic.acme.problems import (
    AcmeProblem,
    malformed,
    not_found,
)
from cuaso.capabilities.certificates.logic.acme.prove import prove
from cuaso.capabilities.certificates.logic.acme.signed import Signed, address
from cuaso.capabilities.certificates.logic.cards import card
from cuaso.capabilities.certificates.logic.issue import certify
from cuaso.capabilities.certificates.logic.names import system_of
from cuaso.capabilities.certificates.logic.read_request import read_der
from cuaso.capabilities.certificates.models import (
    AcmeAccount,
    AcmeChallenge,
    AcmeOrder,
    Certificate,
)
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Invalid, NotAllowed
from cuaso.kernel.identifiers import new_id

ORDER_LIFE: Final = timedelta(days=1)
# A certificate is signed within seconds: the process of one that takes longer has died.
ABANDONED_AFTER: Final = timedelta(minutes=2)
_MOST_NAMES: Final = 10
_MOST_OPEN: Final = 50


def open_order(asked: Signed, account: AcmeAccount) -> AcmeAnswer:
    """Return a new order; raise rejectedIdentifier for a name that is not allowed."""
    names = _names((asked.payload or {}).get("identifiers"))
    try:
        client_id = system_of(names)
    except NotAllowed as refusal:
        raise AcmeProblem(
            word="rejectedIdentifier", detail=str(refusal.data["name"]), status=403
        ) from refusal
    if account.client_id not in ("", client_id):
        raise AcmeProblem(
            word="rejectedIdentifier", detail="The account is of another system.", status=403
        )
    if AcmeOrder.objects.filter(account=account, expires_at__gt=now()).count() >= _MOST_OPEN:
        raise AcmeProblem(word="rateLimited", detail="Too many orders; try later.", status=429)
    order = AcmeOrder(
        id=new_id(),
        account=account,
        names=list(names),
        client_id=client_id,
        expires_at=now() + ORDER_LIFE,
    )
    with transaction.atomic():
        order.save(force_insert=True)
        AcmeChallenge.objects.bulk_create(
            AcmeChallenge(id=new_id(), order=order, name=name, token=secrets.token_urlsafe(32))
            for name in names
        )
    return order_answer(order, status=201)


def find_order(account: AcmeAccount, order_id: UUID) -> AcmeOrder:
    row = AcmeOrder.objects.select_related("certificate").filter(id=order_id, account=account)
    found = row.first()
    if found is None:
        raise not_found()
    return found


def find_challenge(account: AcmeAccount, challenge_id: UUID) -> AcmeChallenge:
    found = (
        AcmeChallenge.objects.select_related("order")
        .filter(id=challenge_id, order__account=account)
        .first()
    )
    if found is None:
        raise not_found()
    return found


def order_answer(order: AcmeOrder, *, status: int = 200) -> AcmeAnswer:
    rows = list(AcmeChallenge.objects.filter(order=order).order_by("name"))
    place = address(f"order/{order.id}")
    content: dict[str, object] = {
        "status": _status(order, rows),
        "expires": _stamp(order.expires_at),
        "identifiers": [{"type": "dns", "value": one} for one in order.names],
        "authorizations": [address(f"authz/{row.id}") for row in rows],
        "finalize": f"{place}/finalize",
    }
    if order.certificate is not None:
        content["certificate"] = address(f"cert/{order.certificate.serial}")
    elif _is_abandoned(order):
        content["error"] = {
            "type": "urn:ietf:params:acme:error:serverInternal",
            "detail": "Signing was broken off; nothing was issued. Order anew.",
        }
    return AcmeAnswer(status=status, content=content, headers={"Location": place})


def authorization_answer(row: AcmeChallenge) -> AcmeAnswer:
    content = {
        "status": _proof(row),
        "expires": _stamp(row.order.expires_at),
        "identifier": {"type": "dns", "value": row.name},
        "challenges": [_challenge(row)],
    }
    return AcmeAnswer(content=content)


def challenge_answer(row: AcmeChallenge, asked: Signed) -> AcmeAnswer:
    """Try the proof when the client says that it is ready (a payload, RFC 8555 7.5.1)."""
    if asked.payload is not None and row.order.expires_at > now():
        prove(row, asked)
    up = f'<{address(f"authz/{row.id}")}>;rel="up"'
    return AcmeAnswer(content=_challenge(row), headers={"Link": up})


def finalize(asked: Signed, account: AcmeAccount, order: AcmeOrder) -> AcmeAnswer:
    """Certify the request of an order whose names are all proven.

    A try whose process died makes the order invalid (RFC 8555, 7.1.6): the client orders anew.
    """
    rows = list(AcmeChallenge.objects.filter(order=order))
    if _status(order, rows) != "ready":
        raise AcmeProblem(word="orderNotReady", detail="The order is not ready.", status=403)
    try:
        wanted = read_der(decoded((asked.payload or {}).get("csr")))
    except Invalid as refusal:
        raise AcmeProblem(word="badCSR", detail=refusal.why) from refusal
    if set(wanted.names) != set(order.names):
        raise AcmeProblem(word="badCSR", detail="The request names other names than the order.")
    # Of two at once only one goes on: a certificate is signed outside a transaction.
    begun_at = now()
    if not AcmeOrder.objects.filter(id=order.id, finalized_at=None).update(finalized_at=begun_at):
        raise AcmeProblem(word="orderNotReady", detail="The order is being finalized.", status=403)
    try:
        made = certify(
            actor=system(actor_of(account)),
            wanted=wanted,
            way="acme",
            account=account,
            beside=lambda made: _fulfil(order, made, begun_at=begun_at),
        )
    except AcmeProblem:
        raise
    except BaseException as error:
        AcmeOrder.objects.filter(id=order.id, finalized_at=begun_at).update(finalized_at=None)
        if isinstance(error, NotAllowed):
            raise AcmeProblem(word="unauthorized", detail=error.code, status=403) from error
        raise
    order.certificate = made
    return order_answer(order)


def _fulfil(order: AcmeOrder, made: Certificate, *, begun_at: datetime) -> None:
    """Give the order its certificate; orderNotReady for one that was given up meanwhile."""
    running = AcmeOrder.objects.filter(id=order.id, finalized_at=begun_at)
    if now() > begun_at + ABANDONED_AFTER or not running.update(certificate=made):
        raise AcmeProblem(word="orderNotReady", detail="It took too long; order anew.", status=403)


def certificate_answer(account: AcmeAccount, serial: str) -> AcmeAnswer:
    rows = Certificate.objects.select_related("authority").filter(account=account)
    row = rows.filter(serial=serial).first() if serial.isalnum() else None
    if row is None:
        raise not_found()
    return AcmeAnswer(content=card(row).chain_pem, kind="application/pem-certificate-chain")


def _names(told: object) -> tuple[str, ...]:
    if not isinstance(told, list) or not 0 < len(told) <= _MOST_NAMES:
        raise malformed("identifiers must be a list of one to ten names.")
    found = [one for one in told if isinstance(one, dict) and one.get("type") == "dns"]
    if len(found) != len(told):
        raise AcmeProblem(word="unsupportedIdentifier", detail="Only DNS names are certified.")
    return tuple(dict.fromkeys(str(one.get("value", "")).lower() for one in found))


def _status(order: AcmeOrder, rows: list[AcmeChallenge]) -> str:
    if order.certificate_id is not None:
        return "valid"
    if order.expires_at <= now() or any(row.failed_at for row in rows) or _is_abandoned(order):
        return "invalid"
    if order.finalized_at is not None:
        return "processing"
    return "ready" if all(row.proven_at for row in rows) else "pending"


def _is_abandoned(order: AcmeOrder) -> bool:
    return order.finalized_at is not None and order.finalized_at < now() - ABANDONED_AFTER


def _proof(row: AcmeChallenge) -> str:
    if row.proven_at:
        return "valid"
    return "invalid" if row.failed_at or row.order.expires_at <= now() else "pending"


def _challenge(row: AcmeChallenge) -> dict[str, object]:
    told: dict[str, object] = {
        "type": "http-01",
        "url": address(f"chall/{row.id}"),
        "token": row.token,
        "status": _proof(row),
    }
    if row.proven_at:
        told["validated"] = _stamp(row.proven_at)
    if row.failed_at:
        told["error"] = {
            "type": "urn:ietf:params:acme:error:incorrectResponse",
            "detail": row.trouble,
        }
    return told


def decoded(told: object) -> bytes:
    """Return what is written in base64url; raise malformed for anything else."""
    text = str(told)
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as problem:
        raise malformed("csr is not base64url.") from problem


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
