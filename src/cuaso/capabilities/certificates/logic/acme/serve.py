"""The authority for machines: one function answers every ACME request (RFC 8555)."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import ECKey, RSAKey, import_key

from cuaso.capabilities.certificates.contracts import AcmeAnswer
from cuaso.capabilities.certificates.logic.acme import accounts, external, orders
from cuaso.capabilities.certificates.logic.acme.problems import (
    AcmeProblem,
    malformed,
    not_found,
)
from cuaso.capabilities.certificates.logic.acme.signed import (
    Signed,
    address,
    fresh_nonce,
    read,
)
from cuaso.capabilities.certificates.logic.revoke import REASONS, end
from cuaso.capabilities.certificates.models import AcmeAccount, Certificate
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Refusal

# RFC 5280 5.3.1: the reason's number.
_REASONS: Final = {
    0: "unspecified",
    1: "keyCompromise",
    3: "affiliationChanged",
    4: "superseded",
    5: "cessationOfOperation",
}


def directory() -> AcmeAnswer:
    """Return where everything is."""
    return AcmeAnswer(
        content={
            "newNonce": address("new-nonce"),
            "newAccount": address("new-account"),
            "newOrder": address("new-order"),
            "revokeCert": address("revoke-cert"),
            "keyChange": address("key-change"),
            "meta": {"externalAccountRequired": external.is_required()},
        }
    )


def nonce() -> str:
    return fresh_nonce()


def acme(*, path: str, body: bytes) -> AcmeAnswer:
    """Answer one signed request; `path` is what stands behind /acme/. Raises nothing."""
    try:
        return _answered(path, read(body, path=path))
    except AcmeProblem as problem:
        headers = {"Location": problem.place} if problem.place else {}
        return _problem(problem.word, problem.detail, status=problem.status, headers=headers)
    except Refusal as refusal:
        word = "serverInternal" if refusal.status >= 500 else "unauthorized"  # noqa: PLR2004 HTTP
        return _problem(word, refusal.code, status=refusal.status)


def _answered(path: str, asked: Signed) -> AcmeAnswer:
    if path == "new-account":
        if asked.account is not None:
            raise malformed("A new account comes under its own key.")
        return accounts.open_account(asked)
    if path == "revoke-cert":
        return _revoked(asked)
    if asked.account is None:
        raise malformed("This request comes under an account.")
    if path == "key-change":
        return accounts.change_key(asked, asked.account)
    if path == "new-order":
        return orders.open_order(asked, asked.account)
    kind, _, rest = path.partition("/")
    if kind == "cert":
        return orders.certificate_answer(asked.account, rest)
    return _resource(kind, rest, asked=asked, account=asked.account)


def _resource(kind: str, rest: str, *, asked: Signed, account: AcmeAccount) -> AcmeAnswer:
    marked, _, act = rest.partition("/")
    try:
        row_id = UUID(marked)
    except ValueError as problem:
        raise not_found() from problem
    if kind == "account" and row_id == account.id and not act:
        return accounts.keep_account(asked, account)
    if kind == "order" and act == "finalize":
        return orders.finalize(asked, account, orders.find_order(account, row_id))
    if kind == "order" and not act:
        return orders.order_answer(orders.find_order(account, row_id))
    if kind == "authz" and not act:
        return orders.authorization_answer(orders.find_challenge(account, row_id))
    if kind == "chall" and not act:
        return orders.challenge_answer(orders.find_challenge(account, row_id), asked)
    raise not_found()


def _revoked(asked: Signed) -> AcmeAnswer:
    """Revoke for the account that got the certificate, or for whoever holds its key (7.6)."""
    payload = asked.payload or {}
    try:
        shown = x509.load_der_x509_certificate(orders.decoded(payload.get("certificate")))
    except ValueError as problem:
        raise malformed("The certificate cannot be read.") from problem
    row = Certificate.objects.filter(serial=f"{shown.serial_number:x}").first()
    if row is None or row.certificate_pem.encode() != shown.public_bytes(Encoding.PEM):
        raise not_found()
    if not _may_revoke(asked, row, shown):
        raise AcmeProblem(word="unauthorized", detail="The certificate is not yours.", status=403)
    if row.revoked_at is not None:
        raise AcmeProblem(word="alreadyRevoked", detail="The certificate is revoked already.")
    told = payload.get("reason", 0)
    reason = _REASONS.get(told, "") if isinstance(told, int) else ""
    if reason not in REASONS:
        raise AcmeProblem(word="badRevocationReason", detail="Use 0, 1, 3, 4 or 5.")
    end(actor=system(f"ACME {asked.thumbprint[:12]}"), serial=row.serial, reason=reason)
    return AcmeAnswer(content="", kind="text/plain")


def _may_revoke(asked: Signed, row: Certificate, shown: x509.Certificate) -> bool:
    if asked.account is not None:
        return row.account_id == asked.account.id
    public = shown.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key = import_key(asked.jwk)
    own = key.as_pem(private=False) if isinstance(key, RSAKey | ECKey) else b""
    return own.strip() == public.strip()


def _problem(
    word: str, detail: str, *, status: int, headers: Mapping[str, str] | None = None
) -> AcmeAnswer:
    content = {"type": f"urn:ietf:params:acme:error:{word}", "detail": detail, "status": status}
    return AcmeAnswer(
        status=status, content=content, kind="application/problem+json", headers=headers or {}
    )
