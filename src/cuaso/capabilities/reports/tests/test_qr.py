import io
from xml.etree import ElementTree

import segno
from PIL import Image

from cuaso.capabilities.reports import api as reports
from cuaso.capabilities.reports.logic.qr import MASK

LINK = "https://cuaso.gialai.gov.vn/k/7KQ2M9"


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
