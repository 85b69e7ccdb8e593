import io
import re
from xml.etree import ElementTree

import pytest
import segno
from PIL import Image

from cuaso.capabilities.reports import api as reports
from cuaso.capabilities.reports.logic.qr_modules import MASK, modules_of

LINK = "https://cuaso.gialai.gov.vn/k/7KQ2M9"
RESULT = f"{LINK}\nMã hồ sơ: H21.12.05-261123-0007\nGiấy xác nhận tình trạng hôn nhân"
# By length: one block and several, each way to write the length, the last that fits.
TEXTS = ("a", LINK, RESULT, RESULT * 2, RESULT * 3, RESULT * 9, "mã " * 582)


def drawn_by_the_library(text: str) -> list[bytes]:
    code = segno.make(text, error="m", micro=False, mask=MASK)
    return [bytes(row) for row in code.matrix]


@pytest.mark.parametrize("text", TEXTS, ids=len)
def test_a_running_text_is_drawn_module_by_module_as_the_library_draws_it(text):
    assert modules_of(text) == drawn_by_the_library(text)


@pytest.mark.parametrize("text", ["0123456789", "H21.12.05-261123-0007", "a" * 2332])
def test_what_is_no_running_text_or_too_long_is_left_to_the_library(text):
    assert modules_of(text) is None


def test_a_qr_code_as_svg_has_the_modules_of_the_text_inside_its_border():
    rows = drawn_by_the_library(RESULT)
    side = len(rows)
    shown = [bytearray(side) for _ in range(side)]
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", reports.qr_svg(RESULT)):
        at = int(x) - 2
        shown[int(y) - 2][at : at + int(length)] = b"\1" * int(length)
    assert [bytes(row) for row in shown] == rows


def test_a_number_is_drawn_as_svg_too():
    assert "viewBox" in ElementTree.fromstring(reports.qr_svg("0123456789")).attrib


def test_a_qr_code_as_svg_scales_with_its_place():
    svg = ElementTree.fromstring(reports.qr_svg(LINK))
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert "viewBox" in svg.attrib
    assert "width" not in svg.attrib


def test_a_qr_code_as_png_shows_the_modules_of_the_text():
    image = Image.open(io.BytesIO(reports.qr_png(LINK, scale=4))).convert("1")
    modules = [list(row) for row in segno.make(LINK, error="m", micro=False, mask=MASK).matrix]
    shown = [
        [int(image.getpixel(((x + 2) * 4 + 2, (y + 2) * 4 + 2)) == 0) for x in range(len(modules))]
        for y in range(len(modules))
    ]
    assert shown == modules
