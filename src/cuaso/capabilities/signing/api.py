"""The only door of signing: keys, the two signatures of a result, and the check of a PDF."""

from cuaso.capabilities.signing.contracts import (
    Box,
    KeyInfo,
    ProviderStatus,
    SignatureVerdict,
    TrustRoot,
    Verdict,
)
from cuaso.capabilities.signing.logic.keys import issue_key, keys, register_key, revoke_key
from cuaso.capabilities.signing.logic.providers import production_findings, provider_status
from cuaso.capabilities.signing.logic.seal import seal
from cuaso.capabilities.signing.logic.sign_person import sign_person
from cuaso.capabilities.signing.logic.trust import (
    add_trust_root,
    trust_roots,
    withdraw_trust_root,
)
from cuaso.capabilities.signing.logic.verify import verify

__all__ = [
    "Box",
    "KeyInfo",
    "ProviderStatus",
    "SignatureVerdict",
    "TrustRoot",
    "Verdict",
    "add_trust_root",
    "issue_key",
    "keys",
    "production_findings",
    "provider_status",
    "register_key",
    "revoke_key",
    "seal",
    "sign_person",
    "trust_roots",
    "verify",
    "withdraw_trust_root",
]
