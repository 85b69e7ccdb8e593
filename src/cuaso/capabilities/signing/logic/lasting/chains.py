"""Chains of certificates from a signer up to a root that is trusted. Pure."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from cuaso.capabilities.signing.logic.weakness import of_signed

LONGEST = 8
Chain = tuple[x509.Certificate, ...]  # from the signer up to the root


def chain_of(
    leaf: x509.Certificate, *, pool: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
) -> Chain:
    """Return the chain from `leaf` to one of `roots`, empty when there is none.

    Whether each was in force is asked elsewhere: it depends on the moment.
    """
    chain: list[x509.Certificate] = [leaf]
    while len(chain) < LONGEST:
        last = chain[-1]
        if last in roots:
            return tuple(chain)
        above = next(
            (one for one in (*roots, *pool) if one not in chain and _issued(last, one)), None
        )
        if above is None:
            return ()
        chain.append(above)
    return ()


def pairs(chains: Iterable[Chain]) -> dict[bytes, tuple[x509.Certificate, x509.Certificate]]:
    """Return each certificate below a root with its issuer, once, by its bytes."""
    return {
        one.tbs_certificate_bytes: (one, above)
        for chain in chains
        for one, above in pairwise(chain)
    }


@lru_cache(maxsize=2048)
def _issued(one: x509.Certificate, above: x509.Certificate) -> bool:
    if one.issuer != above.subject:
        return False
    try:
        one.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return not of_signed(one)
