"""KT-h3: XML whose signature or time stamp rests on MD5 or SHA-1 has no worth, and hears why."""

import base64

import httpx
import pytest
from asn1crypto import tsp
from cryptography import x509
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.xades.xades import XAdESSigner

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.logic.xml.reading import DS, XADES
from cuaso.capabilities.signing.logic.xml.sign import C14N, stamped_digest
from cuaso.capabilities.signing.logic.xml.verify import UNKNOWN_ALGORITHM
from cuaso.capabilities.signing.tests.conftest import AGENCY
from cuaso.capabilities.signing.tests.test_foreign import foreigner
from cuaso.capabilities.signing.tests.test_weak import SIGNATURE, STAMP, weak_stamper
from cuaso.capabilities.signing.tests.test_xml import LETTER, part, written

__all__ = ["foreigner", "weak_stamper"]


class OldSigner(XAdESSigner):
    """The library as it was when SHA-1 was still believed."""

    def check_deprecated_methods(self):
        pass


@pytest.mark.parametrize(
    ("method", "digest"),
    [
        (SignatureMethod.ECDSA_SHA1, DigestAlgorithm.SHA256),
        (SignatureMethod.ECDSA_SHA256, DigestAlgorithm.SHA1),
    ],
)
def test_a_letter_signed_over_sha1_is_told_of_as_such_and_not_as_changed_kt_h3(
    cipher, foreigner, method, digest
):
    signer = OldSigner(signature_algorithm=method, digest_algorithm=digest, c14n_algorithm=C14N)
    signed = signer.sign(
        etree.fromstring(LETTER),
        key=(foreigner / "key.pem").read_bytes(),
        cert=[x509.load_pem_x509_certificate((foreigner / "own.pem").read_bytes())],
    )
    verdict = signing.verify_xml(written(signed))
    assert (verdict.ok, verdict.signed) == (False, b"")
    assert verdict.sentence == SIGNATURE.format(name="SHA-1")


@pytest.fixture
def letter(cipher):
    cipher.certify("seal", kind="agency", name=AGENCY)
    return signing.sign_xml(xml=LETTER, key="seal")


def test_a_letter_that_names_md5_or_an_unknown_algorithm_is_told_of_as_such_kt_h3(letter):
    strong = b"http://www.w3.org/2001/04/xmlenc#sha256"
    md5 = letter.replace(strong, b"http://www.w3.org/2001/04/xmldsig-more#md5")
    assert signing.verify_xml(md5).sentence == SIGNATURE.format(name="MD5")
    odd = letter.replace(strong, b"urn:bam-nha")
    assert signing.verify_xml(odd).sentence == UNKNOWN_ALGORITHM.format(name="urn:bam-nha")


def test_a_letter_s_time_stamp_over_sha1_does_not_count_and_is_told_of_kt_h3(
    cipher, letter, weak_stamper
):
    root = etree.fromstring(letter)
    digest = stamped_digest(part(root, f".//{DS}SignatureValue"), "sha256")
    asked = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": digest,
            },
            "cert_req": True,
        }
    )
    answer = httpx.post(
        f"{cipher.url}/tsa", content=asked.dump(), timeout=60, trust_env=False
    ).content
    token = tsp.TimeStampResp.load(answer)["time_stamp_token"].dump()
    place = part(root, f".//{XADES}SignatureTimeStamp/{XADES}EncapsulatedTimeStamp")
    place.text = base64.b64encode(token).decode()
    verdict = signing.verify_xml(written(root))
    assert verdict.signature is not None
    assert (verdict.ok, verdict.signature.stamped) == (False, False)
    assert f"Không có dấu thời gian đáng tin cậy. {STAMP}" in verdict.sentence
