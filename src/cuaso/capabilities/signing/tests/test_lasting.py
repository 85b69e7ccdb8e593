"""KT-h3: signatures that can be checked in decades, and what revocation does to them."""

import io
import re
import socket
import subprocess
import threading
import time
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from pyhanko.pdf_utils.reader import PdfFileReader

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing import jobs
from cuaso.capabilities.signing.logic import surroundings
from cuaso.capabilities.signing.logic.lasting import asking, side_by_side
from cuaso.capabilities.signing.logic.lasting.side_by_side import ROUND_SECONDS
from cuaso.capabilities.signing.logic.lasting.signed_parts import bearers, store
from cuaso.capabilities.signing.models import AlgorithmEnd, LastingPaper, RevocationAnswer
from cuaso.capabilities.signing.tests.conftest import (
    ADMINISTRATOR,
    AGENCY,
    CHAIR,
    issue,
    seal,
    sign,
)
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, Unavailable
from cuaso.kernel.subjects import Subject

FOR_ARCHIVE = "Sau chữ ký này chỉ thêm bằng chứng và dấu thời gian để lưu trữ lâu dài."


@pytest.fixture
def keys(cipher):
    person = cipher.certify("chair", kind="person", name=CHAIR, organisation=AGENCY)
    agency = cipher.certify("seal", kind="agency", name=AGENCY)
    return person, agency


@pytest.fixture
def sealed(keys, paper):
    return seal(sign(paper))


def keep(pdf):
    actor = ADMINISTRATOR
    return files.store_bytes(actor=actor, name="a.pdf", media_type="application/pdf", content=pdf)


def levels(verdict):
    return [one.level for one in verdict.signatures]


def test_an_archive_carries_all_evidence_and_is_stamped_over_kt_h3(cipher, sealed):
    assert levels(signing.verify(sealed)) == ["B-T", "B-T"]
    lasting = signing.archive(pdf=sealed)
    assert lasting.level == "B-LTA"
    assert lasting.pdf.startswith(sealed)
    verdict = signing.verify(lasting.pdf)
    assert verdict.ok
    person, agency = verdict.signatures
    assert levels(verdict) == ["B-LTA", "B-LTA"]
    assert (person.revocation, agency.revocation) == ("good", "good")
    assert agency.changed_after == FOR_ARCHIVE
    assert person.chain == (CHAIR, "Cơ yếu giả lập - Chứng thư công vụ", "Cơ yếu giả lập - Gốc")
    assert person.level_sentence == (
        "Văn bản mang theo đủ thông tin để kiểm tra, có dấu thời gian bảo vệ để lưu trữ "
        "lâu dài (mức B-LTA)."
    )
    kept = store(PdfFileReader(io.BytesIO(lasting.pdf)))
    kinds = [one.kind for one in kept.answers]
    assert kinds == ["ocsp"] * 3 + ["crl"]  # chair, seal, stamper; the issuing authority
    assert signing.archive(pdf=lasting.pdf).pdf == lasting.pdf


def test_evidence_without_a_stamp_over_it_is_b_lt_kt_h3(cipher, sealed):
    lasting = signing.archive(pdf=sealed, level="B-LT")
    assert (lasting.level, lasting.renew_by_at) == ("B-LT", None)
    verdict = signing.verify(lasting.pdf)
    assert verdict.ok
    assert levels(verdict) == ["B-LT", "B-LT"]


def test_keys_of_the_demonstration_house_last_too(house, paper):
    issue()
    issue("seal", "agency")
    verdict = signing.verify(signing.archive(pdf=seal(sign(paper))).pdf)
    assert verdict.ok
    assert levels(verdict) == ["B-LTA", "B-LTA"]


def test_answers_are_asked_once_until_they_are_old(cipher, keys, sealed, paper):
    signing.archive(pdf=sealed)
    first = dict(cipher.server.counts)
    assert (first["ocsp"], first["crl"]) == (3, 1)
    signing.archive(pdf=sealed)
    assert dict(cipher.server.counts)["ocsp"] == 3
    RevocationAnswer.objects.update(next_update_at=clock.now())
    signing.archive(pdf=sealed)
    assert (cipher.server.counts["ocsp"], cipher.server.counts["crl"]) == (6, 2)


@pytest.mark.parametrize("mode", ["down", "garbage", "refuse"])
def test_with_ocsp_and_lists_out_the_paper_stays_b_t_and_the_job_mends_it_later_kt_h3(
    cipher, sealed, mode
):
    stored = keep(sealed)
    signing.keep_lasting(file_id=stored.id)
    cipher.behave(mode)
    assert jobs.archive_due() == 0
    waiting = signing.lasting(file_id=stored.id)
    assert waiting is not None
    assert (waiting.level, waiting.latest_file_id) == ("B-T", stored.id)
    assert waiting.why.startswith(
        "Chưa lấy được thông tin thu hồi chứng thư để lưu lâu dài; "
        "văn bản giữ nguyên ở mức có dấu thời gian (B-T)."
    )
    assert signing.waiting_papers() == (waiting,)
    assert files.read_clean(stored.id) == sealed
    assert RevocationAnswer.objects.count() == 0
    cipher.behave("ok")
    assert jobs.archive_due() == 0  # its pause is not over
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert jobs.archive_due() == 1
    done = signing.lasting(file_id=stored.id)
    assert done is not None
    assert (done.level, done.why) == ("B-LTA", "")
    assert files.read_clean(signing.latest_form(stored.id)).startswith(sealed)


def test_with_ocsp_alone_out_the_list_serves(cipher, sealed):
    cipher.behave("down", only="ocsp")
    verdict = signing.verify(signing.archive(pdf=sealed).pdf)
    assert levels(verdict) == ["B-LTA", "B-LTA"]


def test_with_the_stamper_out_nothing_is_half_written(cipher, sealed):
    stored = keep(sealed)
    signing.keep_lasting(file_id=stored.id)
    cipher.behave("down", only="tsa")
    assert jobs.archive_due() == 0
    assert signing.latest_form(stored.id) == stored.id
    (row,) = LastingPaper.objects.all()
    assert "Dịch vụ cấp dấu thời gian đang không hoạt động." in row.why
    acts = [one.act for one in audit.history(Subject(kind="signing.lasting", id=row.id))]
    assert acts == ["signing.archive_put_off"]


def test_revoked_after_signing_keeps_its_worth_and_revoked_before_has_none_kt_h3(
    cipher, keys, sealed
):
    signing.archive(pdf=sealed)
    later = clock.now() + timedelta(minutes=5)  # lists tell whole seconds
    cipher.revoke(keys[0], at=later.isoformat())
    with clock.at(clock.now() + timedelta(hours=13)):  # the kept answers are old by then
        cipher.post("clock", at=clock.now().isoformat())
        lasting = signing.archive(pdf=sealed).pdf
        verdict = signing.verify(lasting)
    person = verdict.signatures[0]
    assert verdict.ok
    assert (person.revoked, person.revocation, person.level) == (False, "revoked", "B-LTA")
    assert "sau khi ký; chữ ký đã có vẫn giữ giá trị." in person.sentence
    early = clock.now() - timedelta(days=2)
    cipher.revoke(keys[1], at=early.isoformat())
    with clock.at(clock.now() + timedelta(hours=30)):
        cipher.post("clock", at=clock.now().isoformat())
        with pytest.raises(Conflict) as refused:
            signing.archive(pdf=sealed)
    assert refused.value.code in {"signing.signed_when_revoked", "signing.signed_text_broken"}


def test_a_list_that_is_fetched_later_tells_of_a_key_revoked_before_it_signed(cipher, keys, paper):
    cipher.revoke(keys[0], at=(clock.now() - timedelta(hours=1)).isoformat())
    signed = sign(paper)  # nobody here knew
    assert signing.verify(signed).ok
    assert signing.verify(signed).signatures[0].revocation == "unknown"
    assert jobs.refresh_revocations() == 1
    assert jobs.refresh_revocations() == 0  # it is new
    verdict = signing.verify(signed)
    assert not verdict.ok
    assert verdict.signatures[0].revoked
    assert "Chứng thư số đã bị thu hồi trước khi ký." in verdict.signatures[0].sentence


def test_a_list_that_another_signed_is_not_believed(cipher, keys, monkeypatch):
    monkeypatch.setattr(cipher.server.book, "issuing", cipher.server.book.root)
    assert jobs.refresh_revocations() == 0
    assert RevocationAnswer.objects.count() == 0


def test_a_paper_is_renewed_before_its_stampers_certificate_ends_and_outlives_it_kt_h3(
    cipher, keys, paper
):
    now = clock.now()
    cipher.post("stamper", days=400)
    stored = keep(seal(sign(paper)))
    signing.keep_lasting(file_id=stored.id)
    assert jobs.archive_due() == 1
    old = files.read_clean(signing.latest_form(stored.id))
    assert signing.renewals(within=timedelta(days=300)) == ()
    (listed,) = signing.renewals(within=timedelta(days=320))
    assert listed.file_id == stored.id
    assert jobs.archive_due() == 0
    with clock.at(now + timedelta(days=330)):
        cipher.post("clock", at=clock.now().isoformat())
        cipher.post("stamper", days=3000)
        assert jobs.archive_due() == 1
        assert signing.renewals(within=timedelta(days=365)) == ()
    new = files.read_clean(signing.latest_form(stored.id))
    assert new.startswith(old)
    with clock.at(now + timedelta(days=1500)):  # signers and the first stamper are over
        assert not signing.verify(old).ok
        verdict = signing.verify(new)
    assert verdict.ok
    assert levels(verdict) == ["B-LTA", "B-LTA"]


def test_an_algorithm_that_ends_brings_its_papers_forward_and_the_next_stamp_takes_another(
    cipher, sealed
):
    stored = keep(sealed)
    signing.keep_lasting(file_id=stored.id)
    jobs.archive_due()
    end = clock.now() + timedelta(days=100)
    brought = signing.set_algorithm_end(
        name="sha256", ends_at=end, source="Văn bản giả định", actor=ADMINISTRATOR
    )
    assert brought == 1
    (listed,) = signing.renewals(within=timedelta(days=11))
    assert listed.renew_by_at == end - timedelta(days=90)
    with clock.at(clock.now() + timedelta(days=12)):
        cipher.post("clock", at=clock.now().isoformat())
        assert jobs.archive_due() == 1
        # The authority's own certificates rest on SHA-256 still: no stamp of today lasts longer.
        again = signing.lasting(file_id=stored.id)
        assert again is not None
        assert (again.renew_by_at, again.due_at) == (
            end - timedelta(days=90),
            clock.now() + timedelta(days=7),
        )
        assert "đóng dấu lại sau 7 ngày" in again.why
        assert jobs.archive_due() == 0
    newest = PdfFileReader(io.BytesIO(files.read_clean(signing.latest_form(stored.id))))
    assert [one.external_md_algorithm for one in newest.embedded_timestamp_signatures] == [
        "sha256",
        "sha384",
    ]
    with pytest.raises(Invalid):
        signing.set_algorithm_end(name="sha384", ends_at=end, source=" ", actor=ADMINISTRATOR)
    assert AlgorithmEnd.objects.count() == 1


def test_a_changed_archive_is_found(cipher, sealed):
    lasting = signing.archive(pdf=sealed).pdf
    spoilt = lasting.replace(b"<xmp:CreateDate>2025", b"<xmp:CreateDate>2024")
    assert not signing.verify(spoilt).ok
    with pytest.raises(Conflict) as refused:
        signing.archive(pdf=spoilt)
    assert refused.value.code == "signing.signed_text_broken"


def test_an_unsigned_paper_has_nothing_to_keep(cipher, paper):
    with pytest.raises(Invalid) as refused:
        signing.archive(pdf=paper)
    assert refused.value.code == "signing.not_signed"


def test_a_certificate_that_names_no_source_is_said_to(cipher, sealed, monkeypatch):
    monkeypatch.setattr("cuaso.capabilities.signing.logic.lasting.answers.sources", lambda _: [])
    with pytest.raises(Unavailable) as refused:
        signing.archive(pdf=sealed)
    assert "Chứng thư không ghi nơi công bố thu hồi." in refused.value.why
    assert CHAIR in refused.value.why


@pytest.mark.outside
def test_pdfsig_and_openssl_believe_the_archive_kt_h3(cipher, sealed, tmp_path):
    lasting = signing.archive(pdf=sealed).pdf
    (tmp_path / "a.pdf").write_bytes(lasting)
    said = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "a.pdf"], capture_output=True, check=True, text=True
    ).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert said.count("Signature #") == 3  # poppler lists the document stamp, openssl checks it
    assert "Total document signed" in said
    reader = PdfFileReader(io.BytesIO(lasting))
    (stamp,) = reader.embedded_timestamp_signatures
    (tmp_path / "token.der").write_bytes(stamp.pkcs7_content)
    start, length, second, rest = (int(one) for one in stamp.byte_range)
    covered = lasting[start : start + length] + lasting[second : second + rest]
    (tmp_path / "covered").write_bytes(covered)
    issuing = cipher.server.book.issuing.certificate
    (tmp_path / "issuing.pem").write_bytes(issuing.public_bytes(Encoding.PEM))
    command = ["openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "token.der"]
    command += ["-data", tmp_path / "covered", "-CAfile", cipher.trust_folder / "root.pem"]
    told = subprocess.run(
        [*command, "-untrusted", tmp_path / "issuing.pem"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "Verification: OK" in told.stdout + told.stderr
    assert bearers(reader)[0][-1].stamps
    assert re.search(rb"/DSS \d+ 0 R", lasting)


def test_a_round_of_questions_is_over_before_the_sessions_that_wait_for_it_must_end():
    assert ROUND_SECONDS == 12.0


def test_a_name_server_that_hangs_outlasts_no_round_of_questions(keys, cipher, monkeypatch):
    over = threading.Event()

    def hangs(*told, **more):
        over.wait(30)
        raise socket.gaierror

    leaf = load_pem_x509_certificate(keys[0].certificate_pem.encode())
    pair = (leaf, cipher.server.book.issuing.certificate)
    places = [("ocsp", "http://ocsp.example.vn/"), ("crl", "http://crl.example.vn/")]
    monkeypatch.setattr(side_by_side, "sources", lambda _: places)
    monkeypatch.setattr(side_by_side, "is_outside", lambda _: False)
    monkeypatch.setattr(asking, "is_outside", lambda _: False)  # no proxy of this machine
    monkeypatch.setattr(surroundings, "REVOCATION_SECONDS", 0.5)
    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    began = time.monotonic()
    try:
        said = side_by_side.ask_side_by_side([pair])
        lasted = time.monotonic() - began
    finally:
        over.set()
    assert said == [
        (
            "http://ocsp.example.vn/: không trả lời trong 0.5 giây; "
            "http://crl.example.vn/: không trả lời trong 0.5 giây"
        )
    ]
    assert lasted < 10
