import io
import json
import re
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.contracts import Verdict
from cuaso.capabilities.signing.logic import verify as checking
from cuaso.capabilities.signing.logic.examine import Question, examine
from cuaso.capabilities.signing.logic.wording import TAMPERED
from cuaso.capabilities.signing.models import SigningKey
from cuaso.capabilities.signing.tests.conftest import (
    ADMINISTRATOR,
    AGENCY,
    CHAIR,
    issue,
    seal,
    sign,
)
from cuaso.kernel import clock
from cuaso.kernel.errors import Unavailable

NOT_PDF = "Tệp này không phải là PDF."
UNREADABLE = "Tệp này không phải là văn bản PDF đọc được, hoặc đã bị hỏng."
NOBODY = Question(signature_roots=(), timestamp_roots=(), revoked={}, at=clock.now())
UNSIGNED = "Văn bản này không có chữ ký số."


@pytest.fixture
def sealed(house, paper):
    issue()
    issue("seal", "agency")
    return seal(sign(paper))


def question():
    roots = signing.trust_roots()
    return Question(
        signature_roots=[one.certificate_pem for one in roots if one.purpose != "timestamp"],
        timestamp_roots=[one.certificate_pem for one in roots if one.purpose != "signature"],
        revoked={},
        at=clock.now(),
    )


def changed(pdf, act):
    """The PDF with one more revision that `act` writes."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    act(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def field(writer, name):
    found = [one.get_object() for one in writer.root["/AcroForm"]["/Fields"]]
    return next(one for one in found if one["/T"] == name)


def test_a_citizen_reads_who_signed_with_what_authority_and_when(sealed):
    verdict = signing.verify(sealed)
    person, agency = verdict.signatures
    assert person.signed_at
    at = person.signed_at.astimezone(clock.VIETNAM).strftime("%H:%M:%S ngày %d/%m/%Y")
    assert person.sentence == (
        f"{CHAIR}, Chủ tịch, {AGENCY} ký lúc {at}. Chữ ký còn nguyên vẹn. "
        "Chứng thư số do nơi đáng tin cậy cấp. "
        "Sau chữ ký này chỉ có phần được phép: điền số, ngày và ký số của cơ quan."
    )
    assert agency.sentence.startswith(f"Cơ quan {AGENCY} ký lúc ")
    assert person.issuer == "Cửa Số - Cấp phát trình diễn"


def test_the_check_in_its_own_process_says_the_same_as_the_check_itself(sealed):
    assert signing.verify(sealed) == examine(sealed, question())


def test_one_changed_byte_in_the_signed_text_is_found(sealed):
    verdict = signing.verify(sealed.replace(b"<xmp:CreateDate>2025", b"<xmp:CreateDate>2024"))
    assert not verdict.ok
    assert [one.intact for one in verdict.signatures] == [False, False]
    assert verdict.sentence == (
        "Văn bản hoặc chữ ký đã bị thay đổi sau khi ký. Không nên tin văn bản này."
    )


def test_a_number_changed_after_the_seal_is_found(sealed):
    def forge(writer):
        number = field(writer, "number")
        number["/V"] = generic.TextStringObject("999/UBND")
        writer.update_container(number)

    verdict = signing.verify(changed(sealed, forge))
    assert not verdict.ok
    assert verdict.fields["number"] == "999/UBND"
    assert verdict.signatures[1].changed_after == TAMPERED


def test_a_page_painted_over_after_signing_is_found(house, paper):
    issue()

    def paint(writer):
        ink = writer.add_object(generic.StreamObject(stream_data=b"0 0 500 500 re f"))
        writer.add_stream_to_page(0, ink)

    verdict = signing.verify(changed(sign(paper), paint))
    assert not verdict.ok
    assert verdict.signatures[0].changed_after == TAMPERED
    assert not verdict.signatures[0].intact


def test_a_signature_under_an_unknown_root_is_intact_but_not_trusted(sealed, settings, tmp_path):
    settings.CUASO_KEYS = tmp_path / "another-house"
    verdict = signing.verify(sealed)
    assert not verdict.ok
    assert [(one.intact, one.trusted) for one in verdict.signatures] == [(True, False)] * 2
    assert verdict.sentence == ("Văn bản có 2 chữ ký số, trong đó 2 chữ ký chưa đủ tin cậy.")


def test_a_time_stamp_under_an_unknown_root_counts_for_nothing(sealed, monkeypatch):
    monkeypatch.delenv("CUASO_TRUST_FOLDER")
    verdict = signing.verify(sealed)
    assert not verdict.ok
    assert [one.stamped for one in verdict.signatures] == [False, False]
    assert "Không có dấu thời gian đáng tin cậy." in verdict.signatures[0].sentence
    assert "theo lời khai của máy ký" in verdict.signatures[0].sentence


def test_a_key_revoked_before_the_signature_makes_it_worthless(sealed):
    signing.revoke_key(label="chair", reason="Mất thiết bị", actor=ADMINISTRATOR)
    signed_at = signing.verify(sealed).signatures[0].signed_at
    SigningKey.objects.filter(label="chair").update(revoked_at=signed_at)
    verdict = signing.verify(sealed)
    assert not verdict.ok
    assert [one.revoked for one in verdict.signatures] == [True, False]
    assert "Chứng thư số đã bị thu hồi trước khi ký." in verdict.signatures[0].sentence


def test_a_certificate_that_expires_later_is_judged_at_the_time_stamp(sealed):
    after_its_end = replace(question(), at=clock.now().replace(year=clock.now().year + 4, day=1))
    assert examine(sealed, after_its_end).ok


def test_a_certificate_that_had_expired_before_the_time_stamp_is_not_trusted(house, paper):
    with clock.at(clock.now().replace(year=clock.now().year - 3, day=1)):
        key = issue()
    with clock.at(key.valid_from_at):
        signed = sign(paper)  # the time stamp's clock is real: it comes after the key's end
    assert key.valid_to_at < clock.now()
    (signature,) = signing.verify(signed).signatures
    assert (signature.intact, signature.stamped, signature.trusted) == (True, True, False)


@pytest.mark.parametrize(
    ("pdf", "sentence"),
    [
        (b"", NOT_PDF),
        (b"\0" * 100, NOT_PDF),
        ("đây không phải PDF".encode(), NOT_PDF),
        (b"%PDF-1.7", UNREADABLE),
        (b"%PDF-1.7\n%%EOF", UNREADABLE),
        (b"%PDF-1.7\ntrailer <</Root 1 0 R>>\nstartxref\n9\n%%EOF", UNREADABLE),
    ],
)
def test_what_is_no_signed_pdf_gets_a_plain_sentence(house, pdf, sentence):
    assert signing.verify(pdf) == Verdict(ok=False, sentence=sentence)


def test_an_unsigned_paper_is_said_to_have_no_signature(house, paper):
    assert signing.verify(paper) == Verdict(ok=False, sentence=UNSIGNED)


def test_a_paper_with_a_password_is_said_to_be_locked(house, paper):
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(paper)))
    writer.encrypt(owner_pass="bí mật")
    out = io.BytesIO()
    writer.write(out)
    assert signing.verify(out.getvalue()).sentence == (
        "Tệp PDF đặt mật khẩu nên không kiểm tra được chữ ký."
    )


def test_a_huge_file_is_refused_before_it_is_read(house):
    began = time.monotonic()
    verdict = signing.verify(b"%PDF-" + bytes(checking.MOST_BYTES))
    assert verdict.sentence == "Tệp lớn hơn 30 MB nên không kiểm tra chữ ký được."
    assert time.monotonic() - began < 1


def body(*objects):
    """A PDF of these objects with a right table of references."""
    out, offsets = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        start,
    )


LOOPS = {
    "fields that are their own children": (
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</T(a)/Kids[3 0 R]>>",
    ),
    "a reference to itself": (b"1 0 R",),
    "pages in a ring": (
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields 3 0 R>>>>",
        b"<</Type/Pages/Kids[2 0 R]/Parent 2 0 R/Count 9>>",
        b"3 0 R",
    ),
    "arrays nested ten thousand deep": (
        b"<</Type/Catalog/Pages 2 0 R/AcroForm " + b"[" * 10_000 + b"]" * 10_000 + b">>",
    ),
    "a signature that is a number": (
        b"<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>",
        b"<</T(a)/FT/Sig/V 3 0 R>>",
        b"<</Type/Sig/Contents 7/ByteRange[0 -5 99999999999 3]/SubFilter/ETSI.CAdES.detached>>",
    ),
}


@pytest.mark.parametrize("objects", LOOPS.values(), ids=LOOPS.keys())
def test_a_pdf_that_bites_its_own_tail_gets_a_verdict_in_time(house, objects):
    began = time.monotonic()
    verdict = signing.verify(body(*objects))
    assert not verdict.ok
    assert verdict.sentence
    assert time.monotonic() - began < 10


@pytest.fixture(scope="session")
def specimen(tmp_path_factory):
    """Holds one sealed paper for the whole run of a property."""
    return {}


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_however_bytes_are_changed_there_is_a_verdict_and_it_is_no_yes_to_other_text(
    sealed, specimen, data
):
    pdf, asked = specimen.setdefault("pdf", sealed), specimen.setdefault("asked", question())
    mutant = bytearray(pdf)
    for _time in range(data.draw(st.integers(1, 6))):
        where = data.draw(st.integers(0, len(pdf) - 1))
        act = data.draw(st.sampled_from(["flip", "cut", "insert", "double"]))
        piece = data.draw(st.binary(min_size=1, max_size=12))
        if act == "flip":
            mutant[where : where + len(piece)] = piece
        elif act == "cut":
            del mutant[where:]
        elif act == "insert":
            mutant[where:where] = piece
        else:
            mutant[where:where] = mutant[where : where + 4000]
    verdict = examine(bytes(mutant), asked)
    assert verdict.sentence
    if verdict.ok:
        for start, end in covered(pdf)[: 2 * len(verdict.signatures)]:
            assert mutant[start:end] == pdf[start:end]


def covered(pdf):
    """What each signature covers: all but its own container, as pairs of start and end."""
    found = re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", pdf)
    return [
        (start, start + length)
        for one in found
        for start, length in ((int(one[0]), int(one[1])), (int(one[2]), int(one[3])))
    ]


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_after_the_mark_of_a_pdf_get_a_verdict(tail):
    assert not examine(b"%PDF-1.7\n" + tail, NOBODY).ok


class Stubborn(checking.Examiner):
    """An examiner whose process is another program."""

    def __init__(self, *, program, seconds):
        super().__init__(seconds=seconds)
        self.program = program

    def start(self):
        self._process = subprocess.Popen(
            [sys.executable, "-c", self.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        return self


def test_a_check_that_does_not_end_is_stopped_and_the_next_one_works(sealed):
    stubborn = Stubborn(program="import time; time.sleep(60)", seconds=0.5)
    began = time.monotonic()
    verdict = stubborn.start().ask(NOBODY, bytes(5_000_000))
    assert verdict.sentence == "Không kiểm tra được văn bản này trong thời gian cho phép."
    assert time.monotonic() - began < 5
    assert signing.verify(sealed).ok


def test_a_check_whose_process_dies_is_tried_once_more_with_a_new_one(house, paper):
    crashing = Stubborn(program="raise SystemExit(3)", seconds=10)
    assert crashing.start().ask(NOBODY, paper).sentence == UNSIGNED
    crashing.close()


def test_many_checks_at_once_wait_only_so_long(house):
    busy = checking.Examiner(seconds=0.1)
    with busy._turn, pytest.raises(Unavailable) as refused:
        busy.ask(question(), b"%PDF-")
    assert refused.value.code == "signing.verify_busy"


LIMITS = """
import json, resource, sys
from cuaso.capabilities.signing.logic import examiner
sys.stdin = open("/dev/null")
examiner.main()
print(json.dumps(resource.getrlimit(resource.RLIMIT_AS)))
"""


def test_the_examining_process_may_not_grow_without_end(house):
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            LIMITS,
        ],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        check=True,
    )
    assert json.loads(told.stdout) == [1536 * 1024 * 1024] * 2
