"""What authorities say of revocation: from the house itself, from what is kept, or asked now."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from cuaso.capabilities.signing.logic import refusals
from cuaso.capabilities.signing.logic.lasting.asking import NoAnswer, ask, sources
from cuaso.capabilities.signing.logic.lasting.own_list import own_list
from cuaso.capabilities.signing.logic.lasting.revocation import (
    Answer,
    AnswerKind,
    finding,
    list_holds,
    read,
)
from cuaso.capabilities.signing.models import RevocationAnswer, SigningKey
from cuaso.kernel import clock

WITHOUT_NEXT = timedelta(hours=12)  # how long an answer counts that names no next one
EARLY = timedelta(hours=6)  # a list is fetched again so long before it is old


def answer_for(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Answer:
    """Return an answer about a certificate that its issuer vouches for.

    `since`: an OCSP answer from before it is asked anew: the signature came after it. `until`: a
    kept answer that is old by then is asked anew. Raises Unavailable, naming the certificate, when
    nothing can be had now.
    """
    house = own_list(issuer)
    if house is not None:
        return read("crl", house)
    missing = []
    for kind, url in sources(certificate):
        kept = _kept(kind, url, certificate, issuer, since=since, until=until)
        if kept is not None:
            return kept
        try:
            fresh = ask(kind, url, certificate=certificate, issuer=issuer)
        except NoAnswer as error:
            missing.append(str(error))
            continue
        if finding(fresh, certificate=certificate, issuer=issuer) is None:
            missing.append(f"{url}: câu trả lời không đúng người ký hoặc không về chứng thư này")
            continue
        _keep(kind, url, fresh, certificate, issuer)
        return fresh
    raise refusals.evidence_missing(_named(certificate), "; ".join(missing))


def refresh_revocations() -> int:
    """Fetch lists that are nearly old, and those of keys that are registered; return how many.

    What cannot be had now is tried at the next run: a check then says that it knows nothing newer.
    """
    fetched = 0
    for url, issuer in _wanted().items():
        try:
            fresh = ask("crl", url, certificate=issuer, issuer=issuer)
        except NoAnswer:
            continue
        if not list_holds(fresh, issuer=issuer):
            continue
        _keep("crl", url, fresh, issuer, issuer)
        fetched += 1
    return fetched


def lists_in_force() -> Sequence[bytes]:
    """Return the kept lists whose time is not over, in DER."""
    rows = RevocationAnswer.objects.filter(kind="crl", next_update_at__gt=clock.now())
    return [bytes(content) for content in rows.values_list("content", flat=True)]


def known_revoked() -> Mapping[str, str]:
    """Return fingerprint → ISO moment of revocation, from the kept OCSP answers."""
    rows = RevocationAnswer.objects.filter(kind="ocsp", revoked_at__isnull=False)
    pairs = rows.values_list("subject", "revoked_at")
    return {subject: moment.isoformat() for subject, moment in pairs if moment}


def _wanted() -> dict[str, x509.Certificate]:
    """Return url → issuer of the lists that should be here: those kept, those of own keys."""
    soon = clock.now() + EARLY
    fresh = RevocationAnswer.objects.filter(kind="crl", next_update_at__gt=soon)
    have = set(fresh.values_list("url", flat=True))
    kept = RevocationAnswer.objects.filter(kind="crl").values_list("url", "issuer_pem")
    wanted = {url: x509.load_pem_x509_certificate(pem.encode()) for url, pem in kept}
    wanted |= dict(_of_keys())
    return {url: issuer for url, issuer in wanted.items() if url not in have}


def _of_keys() -> Iterator[tuple[str, x509.Certificate]]:
    rows = SigningKey.objects.filter(demonstration=False, revoked_at__isnull=True)
    for pem, chain in rows.exclude(chain_pem="").values_list("certificate_pem", "chain_pem"):
        certificate = x509.load_pem_x509_certificate(pem.encode())
        issuer = x509.load_pem_x509_certificate(chain.encode())
        for kind, url in sources(certificate):
            if kind == "crl" and certificate.issuer == issuer.subject:
                yield url, issuer


def _kept(
    kind: AnswerKind,
    url: str,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    since: datetime | None,
    until: datetime | None,
) -> Answer | None:
    rows = RevocationAnswer.objects.filter(
        kind=kind, url=url, subject=_subject(kind, certificate, issuer)
    )
    row = rows.filter(next_update_at__gt=until or clock.now()).first()
    if row is None or (kind == "ocsp" and since is not None and row.this_update_at < since):
        return None
    answer = read(kind, bytes(row.content))
    known = finding(answer, certificate=certificate, issuer=issuer) is not None
    return answer if known else None


def _keep(
    kind: AnswerKind,
    url: str,
    answer: Answer,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
) -> None:
    said = finding(answer, certificate=certificate, issuer=issuer) if kind == "ocsp" else None
    RevocationAnswer.objects.update_or_create(
        kind=kind,
        url=url,
        subject=_subject(kind, certificate, issuer),
        defaults={
            "issuer_pem": issuer.public_bytes(Encoding.PEM).decode(),
            "content": answer.der,
            "this_update_at": answer.this_update_at,
            "next_update_at": answer.next_update_at or answer.this_update_at + WITHOUT_NEXT,
            "fetched_at": clock.now(),
            "revoked_at": said.revoked_at if said else None,
        },
    )


def _subject(kind: AnswerKind, certificate: x509.Certificate, issuer: x509.Certificate) -> str:
    return (issuer if kind == "crl" else certificate).fingerprint(hashes.SHA256()).hex()


def _named(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string()
