"""Tokens as RFC 3161 wants them, with ESSCertIDv2 (RFC 5816)."""

import hashlib
import secrets
from typing import ClassVar

from asn1crypto import algos, cms, core, tsp, util
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from cuaso.kernel import clock
from cuaso_simulators.timestamp.identity import Identity

POLICY = "1.3.6.1.4.1.55555.1.1"  # for demonstration, under no one's arc
DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}


class Refused(core.Sequence):  # type: ignore[misc] # asn1crypto is untyped
    """TimeStampResp without a token: asn1crypto's own wants one."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo)]


class Wrong(Exception):
    """The query cannot be granted; `failure` is RFC 3161's name of the reason."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


def reply(query: bytes, identity: Identity) -> bytes:
    """Return the DER reply to a DER query: a token, or a rejection with its reason."""
    try:
        asked = _read(query)
    except Wrong as wrong:
        return rejection(wrong.failure)
    return _granted(_sign(_info(asked), identity, with_certificates=asked["cert_req"].native))


def rejection(failure: str) -> bytes:
    status = tsp.PKIStatusInfo({"status": "rejection", "fail_info": {failure}})
    return bytes(Refused({"status": status}).dump())


def _read(query: bytes) -> tsp.TimeStampReq:
    try:
        asked = tsp.TimeStampReq.load(query, strict=True)
        asked.native  # noqa: B018 parses the whole of it
    except (ValueError, TypeError) as error:
        raise Wrong("bad_data_format") from error
    imprint = asked["message_imprint"]
    expected = DIGEST_BYTES.get(imprint["hash_algorithm"]["algorithm"].native)
    if expected is None:
        raise Wrong("bad_alg")
    if len(imprint["hashed_message"].native) != expected:
        raise Wrong("bad_data_format")
    if asked["req_policy"].native not in {None, POLICY}:
        raise Wrong("unaccepted_policy")
    if asked["extensions"].native:
        raise Wrong("unaccepted_extensions")
    return asked


def _info(asked: tsp.TimeStampReq) -> tsp.TSTInfo:
    facts = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": asked["message_imprint"],
        "serial_number": secrets.randbits(120),
        "gen_time": clock.now().astimezone(util.timezone.utc).replace(microsecond=0),
        "accuracy": {"seconds": 1},
        "ordering": False,
    }
    if asked["nonce"].native is not None:
        facts["nonce"] = asked["nonce"].native
    return tsp.TSTInfo(facts)


def _sign(info: tsp.TSTInfo, identity: Identity, *, with_certificates: bool) -> cms.ContentInfo:
    content = info.dump()
    certificate = _asn1(identity.certificate)
    attributes = _attributes(content, certificate)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": {
                        "issuer": certificate.issuer,
                        "serial_number": certificate.serial_number,
                    }
                }
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": identity.key.sign(attributes.untag().dump(), ec.ECDSA(hashes.SHA256())),
        }
    )
    signed = {
        "version": "v3",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "tst_info", "content": info},
        "signer_infos": [signer],
    }
    if with_certificates:
        signed["certificates"] = [certificate, _asn1(identity.root)]
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


def _attributes(content: bytes, certificate: asn1_x509.Certificate) -> cms.CMSAttributes:
    own = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "cert_hash": hashlib.sha256(certificate.dump()).digest(),
        }
    )
    return cms.CMSAttributes(
        [
            _attribute("content_type", "tst_info"),
            _attribute("message_digest", hashlib.sha256(content).digest()),
            _attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [own]})),
        ]
    )


def _attribute(name: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": [value]})


def _granted(token: cms.ContentInfo) -> bytes:
    answer = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})
    return bytes(answer.dump())


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
