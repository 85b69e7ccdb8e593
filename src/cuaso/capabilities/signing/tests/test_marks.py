"""KT-h3: copies, attachments and initials, in the places and the look of decree 30/2020."""

import io
import re
import subprocess

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.tests.conftest import (
    AGENCY,
    CHAIR,
    PLACES,
    SIGNATURE,
    VALUES,
    issue,
    seal,
    sign,
)
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid

CHECKER, DEPUTY = "Lê Thị Soát", "Phạm Văn Phó"
INITIALS = (
    signing.Box(x=90, y=150, width=50, height=20),
    signing.Box(x=150, y=150, width=50, height=20),
)
WORD = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)<')


@pytest.fixture
def seal_key(house):
    return issue("seal", "agency")


def words(pdf, tmp_path):
    """Word and its place on page 1, from the page's upper left corner, as poppler reads it."""
    (tmp_path / "a.pdf").write_bytes(pdf)
    command = ["pdftotext", "-bbox", "-l", "1", tmp_path / "a.pdf", "-"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [(text, tuple(map(float, place))) for *place, text in WORD.findall(said)]


def mark_of(pdf):
    form = PdfFileReader(io.BytesIO(pdf)).root["/AcroForm"]["/Fields"]
    return next(one.get_object() for one in form if one.get_object()["/T"] == "mark")


@pytest.mark.outside
@pytest.mark.parametrize("form", ["sao y", "sao lục", "trích sao"])
def test_a_copy_says_its_form_agency_and_moment_in_the_upper_right_corner_kt_h3(
    seal_key, paper, tmp_path, form
):
    before = words(paper, tmp_path)
    copy = signing.certify_copy(pdf=paper, key="seal", form=form, agency_name=AGENCY)
    verdict = signing.verify(copy)
    assert verdict.ok
    assert (verdict.signatures[0].kind, verdict.signatures[0].signer) == ("agency", AGENCY)
    told = [one for one in words(copy, tmp_path) if one not in before]
    text = " ".join(word for word, _ in told)
    assert text.startswith(f"{form.capitalize()} {AGENCY} ")
    assert re.search(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d \+07:00$", text)
    rights = [place[2] for _, place in told]
    assert 595 - max(rights) == pytest.approx(20, abs=1)
    assert max(place[3] for _, place in told) < 70  # A4: the upper margin
    for _, place in told:
        assert not any(overlaps(place, other) for _, other in before)


def overlaps(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_the_mark_is_ten_points_upright_black_and_shows_no_seal_kt_h3(seal_key, paper):
    copy = signing.certify_copy(pdf=paper, key="seal", form="sao y", agency_name=AGENCY)
    look = mark_of(copy)["/AP"]["/N"]
    sizes = re.findall(rb"/(\w+) (\d+) Tf 0 g", look.data)
    assert {size for _, size in sizes} == {b"10"}
    (font,) = look["/Resources"]["/Font"].values()
    assert font.get_object()["/BaseFont"] == "/CUASOV+Tinos"
    assert "/XObject" not in look["/Resources"]


@pytest.mark.outside
def test_the_mark_is_drawn_in_black_alone(seal_key, paper, tmp_path):
    copy = signing.certify_copy(pdf=paper, key="seal", form="sao y", agency_name=AGENCY)
    (tmp_path / "a.pdf").write_bytes(copy)
    command = ["pdftoppm", "-png", "-r", "100", "-l", "1", "-singlefile"]
    subprocess.run([*command, tmp_path / "a.pdf", tmp_path / "page"], check=True)
    left, bottom, right, top = (float(one) for one in mark_of(copy)["/Rect"])
    scale = 100 / 72
    with Image.open(tmp_path / "page.png") as page:
        place = (
            round(left * scale),
            round(page.height - top * scale),
            round(right * scale),
            round(page.height - bottom * scale),
        )
        colours = page.convert("RGB").crop(place).tobytes()
    pixels = [colours[at : at + 3] for at in range(0, len(colours), 3)]
    assert all(max(one) - min(one) < 8 for one in pixels)
    assert min(sum(one) for one in pixels) < 60


def test_an_attachment_names_its_document_and_moment_kt_h3(seal_key, paper, tmp_path):
    signed = signing.sign_attachment(pdf=paper, key="seal", number="15/QĐ-UBND", agency_name=AGENCY)
    assert signing.verify(signed).ok
    signature = PdfFileReader(io.BytesIO(signed)).embedded_signatures[0].sig_object
    assert signature["/Reason"] == "Phụ lục của văn bản số 15/QĐ-UBND"
    text = " ".join(word for word, _ in words(signed, tmp_path))
    day = clock.now().astimezone(clock.VIETNAM)
    assert re.search(rf"15/QĐ-UBND {day:%d/%m/%Y} \d\d:\d\d:\d\d \+07:00", text)


def test_a_copy_of_what_is_signed_and_an_attachment_without_number_are_refused(seal_key, paper):
    issue()
    with pytest.raises(Conflict) as refused:
        signing.certify_copy(pdf=sign(paper), key="seal", form="sao y", agency_name=AGENCY)
    assert refused.value.code == "signing.already_signed"
    with pytest.raises(Invalid) as unnumbered:
        signing.sign_attachment(pdf=paper, key="seal", number=" ", agency_name=AGENCY)
    assert unnumbered.value.code == "signing.number_missing"


def initial(pdf, *, key, name):
    return signing.initial(
        pdf=pdf,
        key=key,
        name=name,
        signer_name=CHAIR,
        box=SIGNATURE,
        initials=INITIALS,
        fields=PLACES,
    )


def test_initials_then_the_official_then_the_seal_and_all_hold_kt_h3(seal_key, paper):
    issue()
    issue("checker", subject_name=CHECKER, title="Chuyên viên")
    issue("deputy", subject_name=DEPUTY, title="Phó Chánh Văn phòng")
    once = initial(paper, key="checker", name=CHECKER)
    with pytest.raises(Conflict) as early:
        sign(once)
    assert early.value.code == "signing.initials_missing"
    assert "còn thiếu 1 chữ ký nháy" in early.value.what
    with pytest.raises(Conflict) as unsigned:
        seal(once)
    assert unsigned.value.code == "signing.no_signature_yet"
    twice = initial(once, key="deputy", name=DEPUTY)
    with pytest.raises(Conflict) as full:
        initial(twice, key="deputy", name=DEPUTY)
    assert full.value.code == "signing.no_initial_wanted"
    with pytest.raises(Conflict) as unsigned:
        seal(twice)
    assert unsigned.value.code == "signing.no_signature_yet"
    sealed = seal(sign(twice))
    verdict = signing.verify(sealed)
    assert verdict.ok
    assert [one.signer for one in verdict.signatures] == [CHECKER, DEPUTY, CHAIR, AGENCY]
    assert [one.field for one in verdict.signatures] == [
        "initial-1",
        "initial-2",
        "signature",
        "seal",
    ]
    assert verdict.fields == VALUES
    with pytest.raises(Conflict) as again:
        sign(sealed)
    assert again.value.code == "signing.already_signed"


def test_initials_on_a_draft_that_was_changed_are_not_built_upon(seal_key, paper):
    issue()
    issue("checker", subject_name=CHECKER)
    once = initial(paper, key="checker", name=CHECKER)
    spoilt = once.replace(b"<xmp:CreateDate>2025", b"<xmp:CreateDate>2024")
    with pytest.raises(Conflict) as refused:
        initial(spoilt, key="checker", name=CHECKER)
    assert refused.value.code == "signing.signed_text_broken"
