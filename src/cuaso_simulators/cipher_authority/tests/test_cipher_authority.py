import subprocess
import threading

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from cuaso_simulators.cipher_authority.server import Server


@pytest.fixture
def authority(tmp_path):
    server = Server(port=0, folder=tmp_path)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    with httpx.Client(base_url=server.url) as client:
        yield client
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def certified(authority):
    """A person's certificate and its issuer's."""
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    csr = request.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    told = {"csr": csr, "kind": "person", "name": "Trần Văn Đức", "organisation": "UBND tỉnh"}
    answer = authority.post("/certificates", json=told).json()
    return [x509.load_pem_x509_certificate(answer[one].encode()) for one in answer]


def ask(authority, pair):
    own, issuer = pair
    query = ocsp.OCSPRequestBuilder().add_certificate(own, issuer, hashes.SHA256()).build()
    answer = authority.post("/ocsp", content=query.public_bytes(Encoding.DER))
    return ocsp.load_der_ocsp_response(answer.content)


def test_an_asker_is_told_good_then_revoked_with_its_moment_and_reason(authority, certified):
    assert ask(authority, certified).certificate_status == ocsp.OCSPCertStatus.GOOD
    serial = f"{certified[0].serial_number:x}"
    told = {"serial": serial, "reason": "keyCompromise", "at": "2026-01-02T03:04:05+00:00"}
    authority.post("/revocations", json=told).raise_for_status()
    answer = ask(authority, certified)
    assert answer.certificate_status == ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_time_utc.isoformat() == told["at"]
    assert answer.revocation_reason == x509.ReasonFlags.key_compromise
    listed = x509.load_der_x509_crl(authority.get("/issuing.crl").content)
    assert [one.serial_number for one in listed] == [certified[0].serial_number]
    assert listed.is_signature_valid(certified[1].public_key())


def test_a_request_whose_key_is_not_proven_is_refused(authority):
    answer = authority.post("/certificates", json={"csr": "khong phai", "name": "X"})
    assert answer.status_code == 400


@pytest.mark.outside
def test_openssl_believes_its_chain_and_its_ocsp_answer(authority, certified, tmp_path):
    for file, one in zip(("leaf", "issuing"), certified, strict=True):
        (tmp_path / f"{file}.pem").write_bytes(one.public_bytes(Encoding.PEM))
    (tmp_path / "root.pem").write_bytes(authority.get("/root.pem").content)
    said = subprocess.run(
        [
            *("openssl", "ocsp", "-issuer", tmp_path / "issuing.pem"),
            *("-cert", tmp_path / "leaf.pem", "-CAfile", tmp_path / "root.pem"),
            *("-url", str(authority.base_url).rstrip("/") + "/ocsp"),
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    assert "Response verify OK" in said.stderr
    assert "leaf.pem: good" in said.stdout
