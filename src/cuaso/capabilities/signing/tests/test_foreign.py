"""KT-h3: what foreign tools signed is judged here, and hostile papers never stop the check."""

import io
import re
import subprocess
import time
import zlib
from datetime import timedelta

import httpx
import pytest
from asn1crypto import crl, ocsp, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509 import ocsp as requests
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, fields
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PdfSignedData
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.tests.conftest import AGENCY, CHAIR, seal, sign
from cuaso.kernel import clock

FOREIGN = "Trần Ngoại Tỉnh"


class ForeignStamper(TimeStamper):
    """pyHanko's own client, with another way to the network."""

    def __init__(self, url):
        super().__init__()
        self._url = url

    async def async_request_tsa_response(self, req):
        answer = httpx.post(self._url, content=req.dump(), trust_env=False)
        return tsp.TimeStampResp.load(answer.content)


@pytest.fixture
def foreigner(cipher, tmp_path):
    """A key and certificates that this house has never seen, as files of another tool."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    csr = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    told = cipher.post(
        "certificates", csr=csr, kind="person", name=FOREIGN, organisation="Tỉnh khác"
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(secret)
    (tmp_path / "own.pem").write_text(told["certificate"])
    (tmp_path / "chain.pem").write_text(told["chain"])
    (tmp_path / "root.pem").write_bytes((cipher.trust_folder / "root.pem").read_bytes())
    return tmp_path


def loaded(path):
    der = x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)
    return asn1_x509.Certificate.load(der)


def answers(cipher, folder):
    """What pyHanko would fetch by itself with an HTTP library of its own."""
    own, issuer = (
        x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
        for name in ("own", "chain")
    )
    query = requests.OCSPRequestBuilder().add_certificate(own, issuer, hashes.SHA256()).build()
    body = query.public_bytes(Encoding.DER)
    answer = httpx.post(f"{cipher.url}/ocsp", content=body, trust_env=False).content
    lists = [
        httpx.get(f"{cipher.url}/{name}.crl", trust_env=False).content
        for name in ("issuing", "root")
    ]
    return [ocsp.OCSPResponse.load(answer)], [crl.CertificateList.load(one) for one in lists]


def test_a_paper_that_pyhanko_signed_as_b_lta_under_another_authority_holds_here_kt_h3(
    cipher, foreigner, paper
):
    store = SimpleCertificateStore()
    store.register(loaded(foreigner / "chain.pem"))
    key = SimpleSigner.load(
        str(foreigner / "key.pem"),
        str(foreigner / "own.pem"),
        ca_chain_files=(str(foreigner / "chain.pem"),),
    )
    given, lists = answers(cipher, foreigner)
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name="ChuKy",
            subfilter=fields.SigSeedSubFilter.PADES,
            embed_validation_info=True,
            use_pades_lta=True,
            validation_context=ValidationContext(
                trust_roots=[loaded(foreigner / "root.pem")],
                other_certs=[loaded(foreigner / "chain.pem")],
                ocsps=given,
                crls=lists,
                revocation_mode="hard-fail",
            ),
        ),
        signer=key,
        timestamper=ForeignStamper(f"{cipher.url}/tsa"),
    )
    out = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(paper)))
    verdict = signing.verify(out.getvalue())
    assert verdict.ok, verdict
    (one,) = verdict.signatures
    assert (one.signer, one.organisation, one.level) == (FOREIGN, "Tỉnh khác", "B-LTA")
    assert one.revocation == "good"
    with clock.at(clock.now() + timedelta(days=5 * 365)):
        assert signing.verify(out.getvalue()).ok


def test_a_paper_that_its_owner_locked_but_anybody_opens_is_judged(cipher, foreigner, paper):
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(paper)))
    writer.encrypt(owner_pass="bí mật", user_pass="")
    locked = io.BytesIO()
    writer.write(locked)
    assert signing.verify(locked.getvalue()).sentence == "Văn bản này không có chữ ký số."
    key = SimpleSigner.load(
        str(foreigner / "key.pem"),
        str(foreigner / "own.pem"),
        ca_chain_files=(str(foreigner / "chain.pem"),),
    )
    signer = PdfSigner(
        PdfSignatureMetadata(field_name="ChuKy", subfilter=fields.SigSeedSubFilter.PADES),
        signer=key,
        timestamper=ForeignStamper(f"{cipher.url}/tsa"),
    )
    opened = IncrementalPdfFileWriter(locked)
    opened.encrypt("")
    signed = signer.sign_pdf(opened).getvalue()
    verdict = signing.verify(signed)
    (one,) = verdict.signatures
    assert (verdict.ok, one.signer, one.intact, one.trusted) == (True, FOREIGN, True, True)
    spoilt = bytearray(signed)
    spoilt[60] ^= 1
    assert not signing.verify(bytes(spoilt)).ok


@pytest.mark.outside
def test_a_signature_that_openssl_made_is_intact_and_trusted_but_unstamped_kt_h3(
    cipher, foreigner, paper
):
    writer = IncrementalPdfFileWriter(io.BytesIO(paper))
    placing = PdfCMSEmbedder(
        new_field_spec=fields.SigFieldSpec(sig_field_name="openssl")
    ).write_cms(field_name="openssl", writer=writer)
    next(placing)
    placing.send(
        SigObjSetup(
            sig_placeholder=PdfSignedData(
                obj_type=pdf_name("/Sig"),
                subfilter=fields.SigSeedSubFilter.PADES,
                bytes_reserved=16384,
            )
        )
    )
    out = io.BytesIO()
    prepared, _ = placing.send(SigIOSetup(md_algorithm="sha256", output=out))
    pdf = out.getvalue()
    covered = pdf[: prepared.reserved_region_start] + pdf[prepared.reserved_region_end :]
    (foreigner / "covered").write_bytes(covered)
    command = ["openssl", "cms", "-sign", "-binary", "-cades", "-outform", "DER", "-md", "sha256"]
    command += ["-in", foreigner / "covered", "-out", foreigner / "cms.der"]
    command += ["-signer", foreigner / "own.pem", "-inkey", foreigner / "key.pem"]
    subprocess.run([*command, "-certfile", foreigner / "chain.pem"], check=True)
    prepared.fill_with_cms(out, (foreigner / "cms.der").read_bytes())
    (one,) = signing.verify(out.getvalue()).signatures
    assert (one.intact, one.trusted, one.stamped, one.level) == (True, True, False, "B-B")
    assert (one.signer, one.ok) == (FOREIGN, False)
    assert "Không có dấu thời gian đáng tin cậy." in one.sentence


@pytest.fixture
def lasting(cipher, paper):
    cipher.certify("chair", kind="person", name=CHAIR, organisation=AGENCY)
    cipher.certify("seal", kind="agency", name=AGENCY)
    return signing.archive(pdf=seal(sign(paper))).pdf


def test_an_archive_cut_or_spoilt_anywhere_gets_a_verdict_that_is_no_yes_to_other_text(lasting):
    size = len(lasting)
    for part in range(1, 12):
        verdict = signing.verify(lasting[: size * part // 12])
        assert verdict.sentence.endswith(".")
        assert not verdict.ok
    for part in range(1, 12):
        at = size * part // 12
        verdict = signing.verify(lasting[:at] + b"\0" * 40 + lasting[at + 40 :])
        assert verdict.sentence.endswith(".")


def revised(pdf, objects, catalogue=b""):
    """The PDF with one more revision written by hand: objects over others, a new catalogue."""
    root = int(re.findall(rb"/Root (\d+) 0 R", pdf)[-1])
    bodies = re.findall(rb"\n%d 0 obj\s*(<<.*?)\nendobj" % root, pdf, re.DOTALL)
    whole = {**objects, root: bodies[-1].replace(b"/DSS", b"/Old") + b""} if catalogue else objects
    if catalogue:
        whole[root] = whole[root].rstrip().removesuffix(b">>") + catalogue + b">>"
    out, entries = pdf + b"\n", b""
    for number, text in whole.items():
        entries += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    start, before = len(out), int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    return out + b"xref\n%strailer\n<</Size 9999/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (
        entries,
        root,
        before,
        start,
    )


def bomb(megabytes):
    packed = zlib.compress(b"\0" * (megabytes * 1024 * 1024), 9)
    head = b"<</Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    return head + packed + b"\nendstream"


HOSTILE = {
    "a store that is itself": ({9001: b"9001 0 R"}, b"/DSS 9001 0 R"),
    "a store of nothing": ({9001: b"null"}, b"/DSS 9001 0 R"),
    "a store of a number": ({9001: b"7"}, b"/DSS 9001 0 R"),
    "certificates that are none": (
        {9001: b"<</Certs[9002 0 R]>>", 9002: b"<</Length 3>>\nstream\nabc\nendstream"},
        b"/DSS 9001 0 R",
    ),
    "answers in a ring": ({9001: b"<</OCSPs 9002 0 R>>", 9002: b"[9002 0 R]"}, b"/DSS 9001 0 R"),
    "a hundred thousand lists": (
        {9001: b"<</CRLs[" + b"9002 0 R " * 100_000 + b"]>>", 9002: b"null"},
        b"/DSS 9001 0 R",
    ),
    "a list that unpacks to half a gigabyte": (
        {9001: b"<</CRLs[9002 0 R]>>", 9002: bomb(512)},
        b"/DSS 9001 0 R",
    ),
    "a stamp without a token": (
        {
            9001: b"<</Fields[9002 0 R]>>",
            9002: b"<</FT/Sig/T(x)/V 9003 0 R>>",
            9003: b"<</Type/DocTimeStamp/SubFilter/ETSI.RFC3161/Contents<30>/ByteRange[0 1 2 3]>>",
        },
        b"/AcroForm 9001 0 R",
    ),
    "a field that is its own child": (
        {9001: b"<</Fields[9002 0 R]>>", 9002: b"<</T(a)/Kids[9002 0 R]>>"},
        b"/AcroForm 9001 0 R",
    ),
}


@pytest.mark.parametrize(("objects", "catalogue"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_store_or_stamp_gets_a_verdict_in_time_and_no_yes_kt_h3(
    lasting, objects, catalogue
):
    began = time.monotonic()
    verdict = signing.verify(revised(lasting, objects, catalogue))
    assert not verdict.ok
    assert verdict.sentence.endswith(".")
    assert time.monotonic() - began < 20


def test_tables_of_references_in_a_ring_get_a_verdict(cipher, lasting):
    start = len(lasting) + 1
    ring = b"\nxref\n0 0\ntrailer\n<</Size 1/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF"
    verdict = signing.verify(lasting + ring % (start, start))
    assert not verdict.ok
    assert verdict.sentence.endswith(".")
