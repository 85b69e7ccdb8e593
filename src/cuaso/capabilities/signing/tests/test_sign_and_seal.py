import io
import re
import subprocess
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.logic import pictures
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
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


def fields_of(pdf):
    form = PdfFileReader(io.BytesIO(pdf)).root["/AcroForm"]
    return {str(one.get_object()["/T"]): one.get_object() for one in form["/Fields"]}


def rectangle(field):
    return [float(one) for one in field["/Rect"]]


def picture_of(field):
    """The picture's place on the page (x, y, width, height) and its pixels with opacity."""
    look = field["/AP"]["/N"]
    numbers = re.search(rb"q ([\d.e+-]+) 0 0 ([\d.e+-]+) ([\d.e+-]+) ([\d.e+-]+) cm", look.data)
    assert numbers
    width, height, x, y = (float(one) for one in numbers.groups())
    left, bottom, *_ = rectangle(field)
    image = look["/Resources"]["/XObject"]["/Picture"]
    size = (int(image["/Width"]), int(image["/Height"]))
    colours = Image.frombytes("RGB", size, image.data)
    colours.putalpha(Image.frombytes("L", size, image["/SMask"].data))
    return (left + x, bottom + y, width, height), colours


def inks(image):
    """The colours of all pixels that are not transparent."""
    return {pixel[:3] for pixel in image.get_flattened_data() if pixel[3] > 128}


def test_an_official_signs_then_the_agency_seals_and_both_signatures_hold(keeper, paper):
    issue()
    issue("seal", "agency")
    sealed = seal(sign(paper))
    verdict = signing.verify(sealed)
    assert verdict.ok
    assert verdict.sentence == "Văn bản có 2 chữ ký số, tất cả đều hợp lệ."
    assert verdict.fields == VALUES
    person, agency = verdict.signatures
    assert (person.kind, person.signer, person.title) == ("person", CHAIR, "Chủ tịch")
    assert person.organisation == AGENCY
    assert (agency.kind, agency.signer) == ("agency", AGENCY)
    assert person.stamped
    assert person.changed_after == (
        "Sau chữ ký này chỉ có phần được phép: điền số, ngày và ký số của cơ quan."
    )
    assert agency.changed_after == "Sau chữ ký này văn bản không thay đổi."


@pytest.mark.outside
def test_pdfsig_calls_both_signatures_valid(keeper, paper, tmp_path):
    issue()
    issue("seal", "agency")
    (tmp_path / "a.pdf").write_bytes(seal(sign(paper)))
    told = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "a.pdf"], capture_output=True, check=True, text=True
    ).stdout
    assert told.count("Signature Validation: Signature is Valid.") == 2
    assert "Signature Type: ETSI.CAdES.detached" in told
    assert told.count("Total document signed") == 1


@pytest.mark.outside
def test_a_reader_sees_number_and_date_where_the_procedure_declares_them(house, paper):
    issue()
    issue("seal", "agency")
    words = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=seal(sign(paper)), capture_output=True, check=True
    ).stdout.decode()
    found = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>123/UBND-XNTTHN<', words)
    assert found
    assert abs(float(found[1]) - 130) < 1
    assert 841.89 - 724 <= float(found[2]) <= 841.89 - 706
    assert re.search(r">tháng<", words)
    assert AGENCY.split()[-1] in words


def test_before_the_seal_number_and_date_are_blank_fields_with_an_appearance(house, paper):
    issue()
    signed = sign(paper)
    form = PdfFileReader(io.BytesIO(signed)).root["/AcroForm"]
    found = fields_of(signed)
    assert list(found) == ["number", "date", "signature", "seal"]
    assert "/NeedAppearances" not in form
    for name in ("number", "date"):
        assert "/V" not in found[name]
        assert found[name]["/AP"]["/N"].data == b"/Tx BMC EMC"
        assert rectangle(found[name]) == pytest.approx(PLACES[name].corners)
        assert found[name]["/Ff"] == 1
    assert signing.verify(signed).fields == {"number": "", "date": ""}


def test_the_fonts_of_filled_fields_are_embedded_with_a_way_back_to_letters(house, paper):
    issue()
    issue("seal", "agency")
    field = fields_of(seal(sign(paper)))["date"]
    (font,) = field["/AP"]["/N"]["/Resources"]["/Font"].values()
    font = font.get_object()
    descendant = font["/DescendantFonts"][0].get_object()
    assert "/FontFile2" in descendant["/FontDescriptor"]
    assert b"beginbfchar" in font["/ToUnicode"].data
    assert field["/V"] == VALUES["date"]


def test_the_signature_is_blue_transparent_and_centred_between_title_and_name(house, paper):
    issue()
    field = fields_of(sign(paper))["signature"]
    (x, y, width, height), image = picture_of(field)
    assert rectangle(field) == pytest.approx(SIGNATURE.corners)
    assert x + width / 2 == pytest.approx(SIGNATURE.x + SIGNATURE.width / 2)
    assert y + height / 2 == pytest.approx(SIGNATURE.y + SIGNATURE.height / 2)
    assert width <= SIGNATURE.width
    assert height <= SIGNATURE.height
    assert inks(image) == {pictures.BLUE}
    assert image.getchannel("A").getextrema() == (0, 255)


def test_the_seal_is_red_of_real_size_over_the_left_third_of_the_signature(house, paper):
    issue()
    issue("seal", "agency")
    found = fields_of(seal(sign(paper)))
    (left, _low, width, _high), _ = picture_of(found["signature"])
    (x, y, side, high), image = picture_of(found["seal"])
    assert side == pytest.approx(36 * 72 / 25.4, abs=0.01)
    assert high == side
    assert x + side == pytest.approx(left + width / 3, abs=0.01)
    assert y + side / 2 == pytest.approx(SIGNATURE.y + SIGNATURE.height / 2, abs=0.01)
    assert all(red > 150 and green < 90 and blue < 90 for red, green, blue in inks(image))
    assert image.getchannel("A").getextrema()[0] == 0


@pytest.mark.outside
def test_the_seal_names_the_agency_and_the_moment_in_vietnam(house, paper):
    issue()
    issue("seal", "agency")
    signed = sign(paper)
    with clock.at(clock.now().replace(microsecond=0)):
        moment = clock.now().astimezone(clock.VIETNAM)
        sealed = seal(signed)
    words = subprocess.run(
        ["pdftotext", "-", "-"], input=sealed, capture_output=True, check=True
    ).stdout.decode()
    assert f"Ký bởi: {AGENCY}" in words
    assert f"Thời gian ký: {moment:%d/%m/%Y %H:%M:%S} +07:00" in words


def test_a_key_with_its_own_picture_shows_that_picture(house, paper):
    out = io.BytesIO()
    Image.new("RGBA", (60, 30), (0, 0, 200, 128)).save(out, format="PNG")
    issue(picture=out.getvalue())
    _, image = picture_of(fields_of(sign(paper))["signature"])
    assert image.size == (60, 30)
    assert set(image.get_flattened_data()) == {(0, 0, 200, 136)}


def test_a_picture_that_is_no_transparent_png_is_refused_and_no_key_is_made(house):
    out = io.BytesIO()
    Image.new("RGB", (60, 30)).save(out, format="PNG")
    for picture in (out.getvalue(), b"GIF89a", b""):
        with pytest.raises(Invalid) as refused:
            issue(picture=picture)
        assert refused.value.code == "signing.picture_wrong"
    assert signing.keys() == ()


def test_nobody_signs_or_seals_inside_a_transaction(house, paper):
    issue()
    issue("seal", "agency")
    signed = sign(paper)
    with transaction.atomic():
        assert connection.in_atomic_block
        with pytest.raises(TransactionManagementError):
            sign(paper)
        with pytest.raises(TransactionManagementError):
            seal(signed)
        with pytest.raises(TransactionManagementError):
            issue("other")


def test_a_paper_is_signed_once_and_sealed_once(house, paper):
    issue()
    issue("seal", "agency")
    signed = sign(paper)
    sealed = seal(signed)
    with pytest.raises(Conflict) as refused:
        sign(signed)
    assert refused.value.code == "signing.already_signed"
    with pytest.raises(Conflict) as refused:
        seal(sealed)
    assert refused.value.code == "signing.already_sealed"


def test_a_seal_is_refused_when_the_official_s_signature_no_longer_holds(house, paper):
    issue()
    issue("seal", "agency")
    with pytest.raises(Conflict) as refused:
        seal(sign(paper).replace(b"<xmp:CreateDate>2025", b"<xmp:CreateDate>2024"))
    assert refused.value.code == "signing.signed_text_broken"


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"number": "1/QĐ"}, ["date"]),
        ({"number": " ", "date": "ngày 1"}, ["number"]),
        ({**VALUES, "place": "Quy Nhơn"}, ["place"]),
        ({}, ["date", "number"]),
    ],
)
def test_a_seal_wants_exactly_the_open_fields(house, paper, values, wrong):
    issue()
    issue("seal", "agency")
    signed = sign(paper)
    with pytest.raises(Invalid) as refused:
        seal(signed, values=values)
    assert refused.value.code == "signing.fields_wrong"
    assert [problem.field for problem in refused.value.problems] == wrong


def test_a_value_shrinks_to_its_box_and_is_refused_when_it_would_be_unreadable(house, paper):
    issue()
    issue("seal", "agency")
    signed = sign(paper)
    longer = seal(signed, values={**VALUES, "number": "123456/QĐ-UBND-XNTTHN-BS"})
    assert signing.verify(longer).fields["number"] == "123456/QĐ-UBND-XNTTHN-BS"
    with pytest.raises(Invalid) as refused:
        seal(signed, values={**VALUES, "number": "1" * 60})
    assert refused.value.code == "signing.text_too_long"
    with pytest.raises(Invalid) as refused:
        seal(signed, values={**VALUES, "number": "12漢"})
    assert refused.value.code == "signing.letter_missing"


def test_an_agency_seals_a_paper_that_no_official_signed_at_the_place_it_names(house, paper):
    issue("seal", "agency")
    with pytest.raises(Invalid) as refused:
        seal(paper, values={})
    assert refused.value.code == "signing.no_seal_place"
    sealed = seal(paper, values={}, box=signing.Box(x=60, y=60, width=200, height=130))
    assert signing.verify(sealed).ok


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", b"not a pdf at all", b"\0" * 4096])
def test_what_is_no_pdf_is_refused(house, pdf):
    issue()
    with pytest.raises(Invalid) as refused:
        sign(pdf)
    assert refused.value.code == "signing.not_a_pdf"


def test_a_box_on_a_page_that_is_not_there_is_refused(house, paper):
    issue()
    with pytest.raises(Invalid) as refused:
        sign(paper, box=signing.Box(x=1, y=1, width=50, height=50, page=2))
    assert refused.value.code == "signing.box_wrong"


def test_a_box_is_read_from_a_declaration_and_a_wrong_one_is_refused():
    box = signing.Box.read(
        {"x": "10", "y": 20, "width": "30.5", "height": 4, "align": "center", "italic": "true"}
    )
    assert box == signing.Box(x=10, y=20, width=30.5, height=4, align="center", italic=True)
    with pytest.raises(Invalid):
        signing.Box.read({"x": 1, "y": 2, "width": "rộng"})


def test_a_key_that_is_not_there_revoked_expired_or_of_the_wrong_kind_signs_nothing(house, paper):
    with pytest.raises(NotFound) as missing:
        sign(paper)
    assert missing.value.code == "signing.no_key"
    issue("seal", "agency")
    with pytest.raises(Invalid) as wrong:
        sign(paper, key="seal")
    assert wrong.value.code == "signing.wrong_kind"
    with clock.at(datetime(2021, 1, 1, tzinfo=UTC)):
        issue()
    with pytest.raises(NotAllowed) as expired:
        sign(paper)
    assert expired.value.code == "signing.key_expired"


def test_a_signature_beside_the_middle_by_a_hair_is_still_drawn(house, paper):
    """A place like 1e-15 was written as no PDF number, and viewers drew nothing."""
    issue("chair")
    # The drawn signature is as wide as this box but for 1.8e-15 points.
    signed = sign(paper, box=signing.Box(x=330, y=190, width=30.6, height=20))
    look = fields_of(signed)["signature"]["/AP"]["/N"].data
    assert b"0.0000 3.1652 cm /Picture Do" in look


@pytest.mark.outside
def test_a_printed_paper_shows_number_signature_and_seal_and_is_signed_no_more(house, paper):
    issue("chair")
    issue("seal", "agency")
    whole = seal(sign(paper))
    printed = signing.printed(whole)
    assert "/AcroForm" not in PdfFileReader(io.BytesIO(printed)).root
    said = subprocess.run(
        ["pdftotext", "-", "-"], input=printed, capture_output=True, check=True, text=False
    ).stdout.decode()
    assert VALUES["number"] in said
    assert AGENCY in said.partition("Ký bởi:")[2]
    assert signing.verify(printed).ok is False
    assert signing.verify(whole).ok
