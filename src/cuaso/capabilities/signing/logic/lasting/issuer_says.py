"""Whether a certificate that signs nothing here, but opens a door, is still good."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cryptography import x509

from cuaso.capabilities.signing.contracts import IssuerWord
from cuaso.capabilities.signing.logic.lasting.answers import WITHOUT_NEXT, answer_for
from cuaso.capabilities.signing.logic.lasting.chains import Chain, chain_of
from cuaso.capabilities.signing.logic.lasting.revocation import Finding, finding
from cuaso.capabilities.signing.logic.trust import trust_roots
from cuaso.capabilities.signing.models import SigningKey
from cuaso.kernel import clock
from cuaso.kernel.errors import Unavailable

AHEAD = timedelta(minutes=30)
NEVER_ENOUGH = datetime.max.replace(tzinfo=UTC)  # nothing that is kept lasts until then


def issuer_says(
    *, pem: str, authorities: Sequence[str] = (), ahead: bool = False, anew: bool = False
) -> IssuerWord:
    """Return what the authorities above a certificate say of it, by OCSP or by their lists.

    `authorities` are PEM texts besides the trusted roots. An answer is kept until it says that it
    is old; `ahead` asks anew for what will be old within half an hour, `anew` about the certificate
    itself whatever is kept, which counts when nobody answers. Nobody is asked about a
    certificate whose chain ends in no root that is trusted: addresses stand in certificates.
    """
    try:
        leaf = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return IssuerWord(state="unknown", why="Chứng thư không đọc được.")
    chain = _chain(leaf, authorities)
    if not chain:
        why = f"Chưa tin cậy cơ quan cấp “{leaf.issuer.rfc4514_string()}”."
        return IssuerWord(state="unknown", why=why)
    until = clock.now() + AHEAD if ahead else None
    try:
        found = [_asked(one, above, until=until) for one, above in pairwise(chain[1:])]
        found.insert(0, _asked_of_leaf(chain, anew=anew, until=until))
    except Unavailable as refusal:
        return IssuerWord(state="unknown", why=refusal.why)
    return _word(found)


def _chain(leaf: x509.Certificate, authorities: Sequence[str]) -> Chain:
    given = [one for text in authorities for one in _read(text)]
    kept = SigningKey.objects.exclude(chain_pem="").values_list("chain_pem", flat=True)
    roots = [one for root in trust_roots() if root.purpose != "timestamp"
             for one in _read(root.certificate_pem)]  # fmt: skip
    tops = [one for one in given if one.issuer == one.subject] or given
    pool = [*given, *(one for text in kept.distinct() for one in _read(text))]
    chain = chain_of(leaf, pool=pool, roots=[*roots, *tops])
    return chain if len(chain) > 1 else ()


def _read(text: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(text.encode())


def _asked_of_leaf(chain: Chain, *, anew: bool, until: datetime | None) -> Finding | None:
    if anew:
        try:
            return _asked(chain[0], chain[1], until=NEVER_ENOUGH)
        except Unavailable:
            pass
    return _asked(chain[0], chain[1], until=until)


def _asked(
    one: x509.Certificate, above: x509.Certificate, *, until: datetime | None
) -> Finding | None:
    """An answer that is old proves nothing: somebody may hand it over again."""
    answer = answer_for(one, above, until=until)
    good_until = answer.next_update_at or answer.this_update_at + WITHOUT_NEXT
    return finding(answer, certificate=one, issuer=above) if good_until > clock.now() else None


def _word(found: Sequence[Finding | None]) -> IssuerWord:
    known = [one for one in found if one is not None]
    gone = [one for one in known if one.revoked_at is not None]
    if gone:
        return IssuerWord(state="revoked", revoked_at=gone[0].revoked_at, as_of_at=gone[0].as_of_at)
    if len(known) < len(found):
        return IssuerWord(state="unknown", why="Câu trả lời của cơ quan cấp đã quá hạn.")
    return IssuerWord(state="good", as_of_at=min(one.as_of_at for one in known))
