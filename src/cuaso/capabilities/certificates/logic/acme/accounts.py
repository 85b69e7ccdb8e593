"""Who asks: an account is a key (RFC 8555, 7.3)."""

from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from django.db import transaction
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from cuaso.capabilities.certificates.contracts import AcmeAnswer
from cuaso.capabilities.certificates.logic.acme import external
from cuaso.capabilities.certificates.logic.acme.problems import AcmeProblem, malformed
from cuaso.capabilities.certificates.logic.acme.signed import NO_KEY, Signed, address, read_inner
from cuaso.capabilities.certificates.models import AcmeAccount
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

_MOST_CONTACTS: Final = 5
_LONGEST: Final = 200


def open_account(asked: Signed) -> AcmeAnswer:
    """Return the account of the key; made unless it is there, or is only to be found."""
    payload = asked.payload or {}
    row = AcmeAccount.objects.filter(thumbprint=asked.thumbprint).first()
    if row is not None:
        if row.ended_at is not None:
            raise AcmeProblem(word="unauthorized", detail="The account is closed.", status=401)
        return account_answer(row, status=200)
    if payload.get("onlyReturnExisting"):
        raise AcmeProblem(word="accountDoesNotExist", detail="There is no such account.")
    made = AcmeAccount(
        id=new_id(), thumbprint=asked.thumbprint, jwk=asked.jwk, contact=_contact(payload)
    )
    with transaction.atomic():
        bound = external.bind(asked)
        made.client_id = bound.client_id if bound else ""
        made.save(force_insert=True)
        _record(made, act="certificates.account_opened")
    return account_answer(made, status=201)


def keep_account(asked: Signed, account: AcmeAccount) -> AcmeAnswer:
    """Change the contact, or close the account for good."""
    payload = asked.payload or {}
    with transaction.atomic():
        if payload.get("status") == "deactivated":
            account.ended_at = now()
            account.save(update_fields=["ended_at"])
            _record(account, act="certificates.account_closed")
        elif "contact" in payload:
            account.contact = _contact(payload)
            account.save(update_fields=["contact"])
    return account_answer(account, status=200)


def change_key(asked: Signed, account: AcmeAccount) -> AcmeAnswer:
    """Let the account be known by another key, which has signed for it too (7.3.5).

    Raises AcmeProblem; with status 409 and the other account's place where the key is taken.
    """
    fresh = read_inner(asked.payload or {}, path="key-change")
    said = fresh.payload or {}
    old = said.get("oldKey")
    if said.get("account") != address(f"account/{account.id}") or not isinstance(old, dict):
        raise malformed("The inner request names another account.")
    if _thumbprint(old) != account.thumbprint:
        raise malformed("oldKey is not the key of the account.")
    with transaction.atomic():
        taken = AcmeAccount.objects.filter(thumbprint=fresh.thumbprint).first()
        if taken is not None:
            raise AcmeProblem(
                word="malformed",
                detail="The new key belongs to an account.",
                status=409,
                place=address(f"account/{taken.id}"),
            )
        account.thumbprint, account.jwk = fresh.thumbprint, fresh.jwk
        account.save(update_fields=["thumbprint", "jwk"])
        _record(account, act="certificates.account_key_changed")
    return account_answer(account, status=200)


def _thumbprint(jwk: dict[str, Any]) -> str:
    try:
        key = import_key(jwk)
    except (JoseError, UnsupportedAlgorithm, *NO_KEY) as problem:
        raise malformed("oldKey cannot be read.") from problem
    return key.thumbprint() if isinstance(key, RSAKey | ECKey) else ""


def account_answer(row: AcmeAccount, *, status: int) -> AcmeAnswer:
    place = address(f"account/{row.id}")
    content = {
        "status": "deactivated" if row.ended_at else "valid",
        "contact": row.contact,
        "orders": f"{place}/orders",
    }
    return AcmeAnswer(status=status, content=content, headers={"Location": place})


def actor_of(row: AcmeAccount) -> str:
    return f"ACME {row.thumbprint[:12]}"


def _contact(payload: object) -> list[str]:
    told = payload.get("contact", []) if isinstance(payload, dict) else []
    if not isinstance(told, list) or len(told) > _MOST_CONTACTS:
        raise malformed("contact must be a short list.")
    return [str(one)[:_LONGEST] for one in told]


def _record(row: AcmeAccount, *, act: str) -> None:
    audit.record(
        actor=system(actor_of(row)),
        act=act,
        subject=Subject(kind="certificates.account", id=row.id),
        content={"thumbprint": row.thumbprint, "client": row.client_id},
    )
