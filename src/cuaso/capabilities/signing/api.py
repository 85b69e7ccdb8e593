"""The only door of signing: keys, the two signatures of a result, and the check of a PDF."""

from cuaso.capabilities.signing.contracts import (
    Archived,
    ArchivedXml,
    Box,
    CopyForm,
    HandWay,
    IssuerWord,
    KeyInfo,
    KeyProof,
    Lasting,
    ProviderStatus,
    RemoteConsent,
    RemoteItem,
    SignatureVerdict,
    TrustRoot,
    Verdict,
    XmlVerdict,
)
from cuaso.capabilities.signing.logic.hand_keys import (
    ask_proof,
    give_up_key,
    hand_key,
    hand_keys,
    take_up_key,
)
from cuaso.capabilities.signing.logic.house_keys import make_house_key, sign_by_house_key
from cuaso.capabilities.signing.logic.initial import initial
from cuaso.capabilities.signing.logic.keys import (
    issue_key,
    keys,
    register_key,
    register_mobile_key,
    register_remote_key,
    revoke_key,
)
from cuaso.capabilities.signing.logic.lasting.archive import archive, renew
from cuaso.capabilities.signing.logic.lasting.horizon import set_algorithm_end
from cuaso.capabilities.signing.logic.lasting.issuer_says import issuers_say
from cuaso.capabilities.signing.logic.lasting.keep import (
    keep_lasting,
    lasting,
    latest_form,
    renewals,
    waiting_papers,
)
from cuaso.capabilities.signing.logic.mark import certify_copy, sign_attachment
from cuaso.capabilities.signing.logic.printed import printed
from cuaso.capabilities.signing.logic.providers import production_findings, provider_status
from cuaso.capabilities.signing.logic.refusals import DEVICE_OUT
from cuaso.capabilities.signing.logic.remote.consent import ask_consent, consent, consents
from cuaso.capabilities.signing.logic.remote.keys import phone_label
from cuaso.capabilities.signing.logic.seal import seal
from cuaso.capabilities.signing.logic.sign_person import sign_person
from cuaso.capabilities.signing.logic.trust import (
    add_trust_root,
    trust_roots,
    withdraw_trust_root,
)
from cuaso.capabilities.signing.logic.verify import verify
from cuaso.capabilities.signing.logic.xml.archive import archive_xml, renew_xml
from cuaso.capabilities.signing.logic.xml.sign import sign_xml
from cuaso.capabilities.signing.logic.xml.verify import verify_xml

__all__ = [
    "DEVICE_OUT",
    "Archived",
    "ArchivedXml",
    "Box",
    "CopyForm",
    "HandWay",
    "IssuerWord",
    "KeyInfo",
    "KeyProof",
    "Lasting",
    "ProviderStatus",
    "RemoteConsent",
    "RemoteItem",
    "SignatureVerdict",
    "TrustRoot",
    "Verdict",
    "XmlVerdict",
    "add_trust_root",
    "archive",
    "archive_xml",
    "ask_consent",
    "ask_proof",
    "certify_copy",
    "consent",
    "consents",
    "give_up_key",
    "hand_key",
    "hand_keys",
    "initial",
    "issue_key",
    "issuers_say",
    "keep_lasting",
    "keys",
    "lasting",
    "latest_form",
    "make_house_key",
    "phone_label",
    "printed",
    "production_findings",
    "provider_status",
    "register_key",
    "register_mobile_key",
    "register_remote_key",
    "renew",
    "renew_xml",
    "renewals",
    "revoke_key",
    "seal",
    "set_algorithm_end",
    "sign_attachment",
    "sign_by_house_key",
    "sign_person",
    "sign_xml",
    "take_up_key",
    "trust_roots",
    "verify",
    "verify_xml",
    "waiting_papers",
    "withdraw_trust_root",
]
