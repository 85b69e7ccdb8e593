"""The only door of certificates: names, issuing, revoking, and what others are told."""

from cuaso.capabilities.certificates.logic.acme.external import make_external_key
from cuaso.capabilities.certificates.logic.acme.serve import acme, directory, nonce
from cuaso.capabilities.certificates.logic.cards import cards, find_card
from cuaso.capabilities.certificates.logic.issue import issue
from cuaso.capabilities.certificates.logic.judge import judge
from cuaso.capabilities.certificates.logic.names import allow_name, allowed_names, forbid_name
from cuaso.capabilities.certificates.logic.revoke import REASONS, revoke
from cuaso.capabilities.certificates.logic.tell_status import answer_ocsp, authority_der, crl

__all__ = [
    "REASONS",
    "acme",
    "allow_name",
    "allowed_names",
    "answer_ocsp",
    "authority_der",
    "cards",
    "crl",
    "directory",
    "find_card",
    "forbid_name",
    "issue",
    "judge",
    "make_external_key",
    "nonce",
    "revoke",
]
