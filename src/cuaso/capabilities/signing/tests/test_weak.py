"""KT-h3: what rests on MD5 or SHA-1 has no worth; the verdict says which, why, what to do."""

import hashlib
import io
from datetime import timedelta

import pytest
from asn1crypto import crl, keys, ocsp, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, fields
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing import jobs
from cuaso.capabilities.signing.logic.lasting import writing
from cuaso.capabilities.signing.logic.lasting.revocation import read
from cuaso.capabilities.signing.models import SigningKey
from cuaso.capabilities.signing.tests.conftest import ADMINISTRATOR, AGENCY, CHAIR, seal, sign
from cuaso.capabilities.signing.tests.test_foreign import FOREIGN, ForeignStamper, foreigner, loaded
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, Unavailable
from cuaso_simulators.cipher_authority.answering import ocsp_answer, revocation_list
from cuaso_simulators.timestamp.token import reply

__all__ = ["foreigner"]

SIGNATURE = (
    "Chữ ký dùng thuật toán băm {name}; thuật toán này không còn an toàn, có thể bị lợi dụng để "
    "làm giả, nên không được công nhận. Hãy đề nghị người ký ký lại bằng SHA-256 trở lên."
)
STAMP = (
    "Dấu thời gian dùng thuật toán băm SHA-1; thuật toán này không còn an toàn, có thể bị lợi dụng "
    "để làm giả, nên không được công nhận. Hãy đề nghị người ký ký lại với dịch vụ cấp dấu thời "
    "gian dùng SHA-256 trở lên."
)
CERTIFICATE = (
    f"Chứng thư số “{FOREIGN}” dùng thuật toán băm SHA-1; thuật toán này không còn an toàn, có thể "
    "bị lợi dụng để làm giả, nên không được công nhận. Hãy đề nghị người ký xin cấp chứng thư số "
    "mới rồi ký lại."
)
ANSWER = (
    "Thông tin thu hồi chứng thư kèm theo dùng thuật toán băm SHA-1; thuật toán này không còn an "
    "toàn, có thể bị lợi dụng để làm giả, nên không được công nhận. Hãy kiểm tra lại khi nơi cấp "
    "chứng thư số trả lời bằng SHA-256 trở lên."
)
DOOR = "cuaso_simulators.cipher_authority.server"
ECDSA_SHA1 = {"algorithm": "sha1_ecdsa"}


def by_sha1(key, content):
    return key.sign(content, ec.ECDSA(hashes.SHA1()))


def weak_certificate(der, key):
    one = asn1_x509.Certificate.load(der)
    one["tbs_certificate"]["signature"] = ECDSA_SHA1
    one["signature_algorithm"] = ECDSA_SHA1
    one["signature_value"] = by_sha1(key, one["tbs_certificate"].dump(force=True))
    return one.dump(force=True)


def weak_list(der, key):
    one = crl.CertificateList.load(der)
    one["tbs_cert_list"]["signature"] = ECDSA_SHA1
    one["signature_algorithm"] = ECDSA_SHA1
    one["signature"] = by_sha1(key, one["tbs_cert_list"].dump(force=True))
    return one.dump(force=True)


def weak_answer(der, key):
    whole = ocsp.OCSPResponse.load(der)
    one = whole["response_bytes"]["response"].parsed
    one["signature_algorithm"] = ECDSA_SHA1
    one["signature"] = by_sha1(key, one["tbs_response_data"].dump(force=True))
    whole["response_bytes"]["response"] = one
    return whole.dump(force=True)


def weak_token(der, key):
    """The same time stamp, signed over SHA-1."""
    whole = tsp.TimeStampResp.load(der)
    signed = whole["time_stamp_token"]["content"]
    info, content = signed["signer_infos"][0], signed["encap_content_info"]["content"]
    for one in info["signed_attrs"]:
        if one["type"].native == "message_digest":
            digest = hashlib.sha1(content.contents, usedforsecurity=False).digest()
            one["values"] = [digest]
    info["digest_algorithm"] = {"algorithm": "sha1"}
    info["signature_algorithm"] = ECDSA_SHA1
    info["signature"] = by_sha1(key, info["signed_attrs"].untag().dump(force=True))
    return whole.dump(force=True)


@pytest.fixture
def weak_stamper(cipher, monkeypatch):
    def weakly(query, identity):
        return weak_token(reply(query, identity), identity.key)

    monkeypatch.setattr(f"{DOOR}.reply", weakly)


@pytest.fixture
def weak_issuer(cipher, monkeypatch):
    """Its answers and lists are signed over SHA-1."""
    answer, listed = ocsp_answer, revocation_list
    monkeypatch.setattr(
        f"{DOOR}.ocsp_answer",
        lambda query, book, now: weak_answer(answer(query, book, now=now), book.responder.key),
    )
    monkeypatch.setattr(
        f"{DOOR}.revocation_list",
        lambda book, signer, now: weak_list(listed(book, signer, now=now), signer.key),
    )


def signed_elsewhere(paper, cipher, folder, *, digest="sha256", own=None):
    """The paper, signed by another tool with a time stamp."""
    store = SimpleCertificateStore()
    store.register(loaded(folder / "chain.pem"))
    key = SimpleSigner.load(
        str(folder / "key.pem"), str(folder / "own.pem"), ca_chain_files=(folder / "chain.pem",)
    )
    if own is not None:
        key = SimpleSigner(signing_cert=own, signing_key=key.signing_key, cert_registry=store)
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name="ChuKy", md_algorithm=digest, subfilter=fields.SigSeedSubFilter.PADES
        ),
        signer=key,
        timestamper=ForeignStamper(f"{cipher.url}/tsa"),
    )
    return signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(paper))).getvalue()


def judged(pdf):
    verdict = signing.verify(pdf)
    (one,) = verdict.signatures
    assert (verdict.ok, one.ok) == (False, False)
    return verdict, one


@pytest.fixture
def strong_stamp(cipher, monkeypatch):
    """A time stamp over a weak digest of the signature cannot be asked for by this tool."""
    ask = ForeignStamper.async_timestamp

    async def strongly(self, message_digest, md_algorithm):
        del md_algorithm
        return await ask(self, hashlib.sha256(message_digest).digest(), "sha256")

    monkeypatch.setattr(ForeignStamper, "async_timestamp", strongly)


def test_a_paper_signed_over_sha1_is_told_of_as_such_and_not_as_changed_kt_h3(
    cipher, foreigner, paper, strong_stamp
):
    verdict, one = judged(signed_elsewhere(paper, cipher, foreigner, digest="sha1"))
    assert (one.sentence, one.weak) == (SIGNATURE.format(name="SHA-1"), ("SHA-1",))
    assert verdict.sentence == (
        "Văn bản có 1 chữ ký số, trong đó 1 chữ ký không được công nhận vì dùng thuật toán băm "
        "không còn an toàn (SHA-1)."
    )


def test_a_paper_signed_over_md5_is_told_of_as_such_kt_h3(cipher, paper):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, FOREIGN)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(made.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        cert_registry=SimpleCertificateStore(),
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(paper))
    about = PdfSignatureMetadata(field_name="ChuKy", md_algorithm="md5")
    signed = PdfSigner(about, signer=signer).sign_pdf(writer).getvalue()
    _, one = judged(signed)
    assert (one.sentence, one.weak) == (SIGNATURE.format(name="MD5"), ("MD5",))


def test_a_time_stamp_over_sha1_does_not_count_and_is_told_of_kt_h3(
    cipher, foreigner, paper, weak_stamper
):
    verdict, one = judged(signed_elsewhere(paper, cipher, foreigner))
    assert (one.intact, one.trusted, one.stamped) == (True, True, False)
    assert f"Không có dấu thời gian đáng tin cậy. {STAMP}" in one.sentence
    assert verdict.sentence.endswith("vì dùng thuật toán băm không còn an toàn (SHA-1).")


def test_a_certificate_signed_over_sha1_is_named_kt_h3(cipher, foreigner, paper):
    der = x509.load_pem_x509_certificate((foreigner / "own.pem").read_bytes())
    weak = weak_certificate(der.public_bytes(Encoding.DER), cipher.server.book.issuing.key)
    own = asn1_x509.Certificate.load(weak)
    _, one = judged(signed_elsewhere(paper, cipher, foreigner, own=own))
    assert (one.intact, one.trusted, one.chain) == (True, False, ())
    assert CERTIFICATE in one.sentence


def test_evidence_signed_over_sha1_does_not_count_and_is_told_of_kt_h3(cipher, paper):
    key = cipher.certify("chair", kind="person", name=CHAIR, organisation=AGENCY)
    cipher.certify("seal", kind="agency", name=AGENCY)
    book = cipher.server.book
    listed = revocation_list(book, book.issuing, now=clock.now())
    own = x509.load_pem_x509_certificate(key.certificate_pem.encode())
    kept = writing.with_evidence(
        seal(sign(paper)),
        certificates=[own, book.issuing.certificate],
        answers=[read("crl", weak_list(listed, book.issuing.key))],
    )
    verdict = signing.verify(kept)
    assert verdict.ok  # the signatures hold; what came with them adds nothing
    assert {one.level for one in verdict.signatures} == {"B-T"}
    assert {one.revocation for one in verdict.signatures} == {"unknown"}
    assert all(ANSWER in one.sentence for one in verdict.signatures)


def test_an_issuer_that_answers_over_sha1_is_told_of_where_a_paper_waits_for_it(
    cipher, paper, weak_issuer
):
    cipher.certify("chair", kind="person", name=CHAIR, organisation=AGENCY)
    cipher.certify("seal", kind="agency", name=AGENCY)
    stored = files.store_bytes(
        actor=ADMINISTRATOR, name="a.pdf", media_type="application/pdf", content=seal(sign(paper))
    )
    signing.keep_lasting(file_id=stored.id)
    assert jobs.archive_due() == 0
    (waiting,) = signing.waiting_papers()
    said = "câu trả lời dùng thuật toán băm SHA-1 không còn an toàn nên không được công nhận"
    assert waiting.why.count(said) == 2  # the answer, then the list


def test_an_issuer_s_weak_word_is_no_good_news_and_still_bad_news(cipher, weak_issuer):
    key = cipher.certify("chair", kind="person", name=CHAIR, organisation=AGENCY)
    (said,) = signing.issuers_say(pems=[key.certificate_pem])
    assert said.state == "unknown"
    assert "thuật toán băm SHA-1 không còn an toàn" in said.why
    cipher.revoke(key)
    (said,) = signing.issuers_say(pems=[key.certificate_pem], anew=True)
    assert said.state == "unknown"  # of the issuing authority itself nothing good is known
    assert "Cơ yếu giả lập - Chứng thư công vụ" in said.why


def test_the_house_takes_no_time_stamp_over_sha1(cipher, paper, weak_stamper):
    cipher.certify("chair", kind="person", name=CHAIR, organisation=AGENCY)
    with pytest.raises(Unavailable) as refused:
        sign(paper)
    assert refused.value.code == "signing.timestamp_wrong"
    assert refused.value.why == "Dịch vụ dùng thuật toán băm SHA-1 không còn an toàn."


def test_a_key_whose_certificate_is_signed_over_sha1_is_not_taken_up(cipher, monkeypatch):
    post = cipher.post

    def weakly(path, **told):
        answer = post(path, **told)
        if path == "certificates":
            one = x509.load_pem_x509_certificate(answer["certificate"].encode())
            der = weak_certificate(one.public_bytes(Encoding.DER), cipher.server.book.issuing.key)
            made = x509.load_der_x509_certificate(der)
            answer["certificate"] = made.public_bytes(Encoding.PEM).decode()
        return answer

    monkeypatch.setattr(cipher, "post", weakly)
    with pytest.raises(Invalid) as refused:
        cipher.certify("chair", kind="person", name=CHAIR)
    assert refused.value.code == "signing.certificate_weak"
    assert SigningKey.objects.count() == 0


def test_a_chain_that_cannot_be_read_is_not_taken_up_and_an_old_one_stops_no_other(
    cipher, monkeypatch
):
    key = cipher.certify("chair", kind="person", name=CHAIR, organisation=AGENCY)
    cipher.certify("seal", kind="agency", name=AGENCY)
    post = cipher.post
    monkeypatch.setattr(cipher, "post", lambda path, **told: post(path, **told) | {"chain": "hỏng"})
    with pytest.raises(Invalid) as refused:
        cipher.certify("clerk", kind="person", name=FOREIGN)
    assert refused.value.code == "signing.chain_wrong"
    assert SigningKey.objects.count() == 2
    SigningKey.objects.filter(label="chair").update(chain_pem="hỏng")
    assert jobs.refresh_revocations() == 1
    (said,) = signing.issuers_say(pems=[key.certificate_pem])
    assert said.state == "good"


def test_an_issuer_that_answers_in_an_unknown_algorithm_says_nothing_and_stops_no_check(
    cipher, monkeypatch
):
    def odd(der, kind):
        whole = kind.load(der)
        one = whole if kind is crl.CertificateList else whole["response_bytes"]["response"].parsed
        one["signature_algorithm"] = {"algorithm": "1.2.3.4.5"}
        if kind is crl.CertificateList:
            one["tbs_cert_list"]["signature"] = {"algorithm": "1.2.3.4.5"}
        else:
            whole["response_bytes"]["response"] = one
        return whole.dump(force=True)

    key = cipher.certify("chair", kind="person", name=CHAIR, organisation=AGENCY)
    answer, listed = ocsp_answer, revocation_list
    monkeypatch.setattr(
        f"{DOOR}.ocsp_answer",
        lambda query, book, now: odd(answer(query, book, now=now), ocsp.OCSPResponse),
    )
    monkeypatch.setattr(
        f"{DOOR}.revocation_list",
        lambda book, signer, now: odd(listed(book, signer, now=now), crl.CertificateList),
    )
    (said,) = signing.issuers_say(pems=[key.certificate_pem])
    assert said.state == "unknown"
    assert said.why.count(f"{cipher.url}/") == 2
    assert jobs.refresh_revocations() == 0
