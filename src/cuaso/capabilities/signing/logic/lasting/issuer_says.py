"""Whether certificates that sign nothing here, but open a door, are still good."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise

from cryptography import x509

from cuaso.capabilities.signing.contracts import IssuerWord
from cuaso.capabilities.signing.logic import lasting_refusals
from cuaso.capabilities.signing.logic.lasting.answers import WITHOUT_NEXT, answers_for
from cuaso.capabilities.signing.logic.lasting.chains import Chain, chain_of
from cuaso.capabilities.signing.logic.lasting.revocation import Answer, Finding, finding
from cuaso.capabilities.signing.logic.lasting.side_by_side import Pair
from cuaso.capabilities.signing.logic.trust import trust_roots
from cuaso.capabilities.signing.logic.weakness import of_signed
from cuaso.capabilities.signing.models import SigningKey
from cuaso.kernel import clock

AHEAD = timedelta(minutes=30)


def issuers_say(
    *, pems: Sequence[str], authorities: Sequence[str] = (), ahead: bool = False, anew: bool = False
) -> list[IssuerWord]:
    """Return what the authorities above each certificate say of it, by OCSP or by their lists.

    All are asked side by side within one round: who is silent is waited for once. `authorities`
    are PEM texts besides the trusted roots. An answer is kept until it says that it is old; `ahead`
    asks anew for what will be old within half an hour, `anew` about the certificates themselves
    whatever is kept, which counts when nobody answers. Nobody is asked about a
    certificate whose chain ends in no root that is trusted: addresses stand in certificates.
    """
    above = _Above(authorities)
    found = [above.chain(pem) for pem in pems]
    chains = [one for one in found if isinstance(one, tuple)]
    pairs = dict.fromkeys(pair for chain in chains for pair in pairwise(chain))
    answers = answers_for(
        pairs,
        anew={(chain[0], chain[1]) for chain in chains} if anew else (),
        until=clock.now() + AHEAD if ahead else None,
    )
    return [_word(one, answers) if isinstance(one, tuple) else one for one in found]


class _Above:
    """The authorities that a certificate shown here may stand under."""

    def __init__(self, authorities: Sequence[str]) -> None:
        given = [one for text in authorities for one in _read(text)]
        kept = SigningKey.objects.exclude(chain_pem="").values_list("chain_pem", flat=True)
        roots = [one for root in trust_roots() if root.purpose != "timestamp"
                 for one in _read(root.certificate_pem)]  # fmt: skip
        tops = [one for one in given if one.issuer == one.subject] or given
        self._pool = [*given, *(one for text in kept.distinct() for one in _readable(text))]
        self._roots = [*roots, *tops]

    def chain(self, pem: str) -> Chain | IssuerWord:
        """Return the chain up to a trusted root, or what to say without one."""
        try:
            leaf = x509.load_pem_x509_certificate(pem.encode())
        except ValueError:
            return IssuerWord(state="unknown", why="Chứng thư không đọc được.")
        chain = chain_of(leaf, pool=self._pool, roots=self._roots)
        if len(chain) > 1:
            return chain
        return IssuerWord(state="unknown", why=_why_no_chain(leaf))


def _why_no_chain(leaf: x509.Certificate) -> str:
    name = of_signed(leaf)
    if name:
        return (
            f"Chứng thư số được ký bằng thuật toán băm {name}, không còn an toàn. "
            "Hãy xin cấp chứng thư số mới."
        )
    return f"Chưa tin cậy cơ quan cấp “{leaf.issuer.rfc4514_string()}”."


def _readable(text: str) -> list[x509.Certificate]:
    try:
        return _read(text)
    except ValueError:
        return []  # a chain that was taken up before it was read


def _read(text: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(text.encode())


def _word(chain: Chain, answers: Mapping[Pair, Answer | str]) -> IssuerWord:
    found = []
    for one, above in pairwise(chain):
        answer = answers[one, above]
        if isinstance(answer, str):
            why = lasting_refusals.evidence_missing(one.subject.rfc4514_string(), answer).why
            return IssuerWord(state="unknown", why=why)
        found.append(_found(answer, one, above))
    return _told(found)


def _found(answer: Answer, one: x509.Certificate, above: x509.Certificate) -> Finding | None:
    """An answer that is old proves nothing: somebody may hand it over again."""
    good_until = answer.next_update_at or answer.this_update_at + WITHOUT_NEXT
    return finding(answer, certificate=one, issuer=above) if good_until > clock.now() else None


def _told(found: Sequence[Finding | None]) -> IssuerWord:
    known = [one for one in found if one is not None]
    gone = [one for one in known if one.revoked_at is not None]
    if gone:
        return IssuerWord(state="revoked", revoked_at=gone[0].revoked_at, as_of_at=gone[0].as_of_at)
    if len(known) < len(found):
        return IssuerWord(state="unknown", why="Câu trả lời của cơ quan cấp đã quá hạn.")
    return IssuerWord(state="good", as_of_at=min(one.as_of_at for one in known))
