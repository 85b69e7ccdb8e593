from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[1] / "fonts"
MARKED = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư"
TONED = "".join(chr(code) for code in range(0x1EA0, 0x1EFA))
LETTERS = MARKED + TONED + "0123456789/-.,:;()“”‘’–…₫ " + "".join(map(chr, range(65, 91)))


def files():
    return sorted(FONTS.rglob("*.ttf"))


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_every_vietnamese_letter_is_in_the_font(path):
    known = TTFont(path).getBestCmap()
    assert [letter for letter in LETTERS if ord(letter) not in known] == []


def test_the_vendored_fonts_are_these_and_carry_their_licence():
    assert [path.stem for path in files()] == [
        "BeVietnamPro-Regular",
        "BeVietnamPro-SemiBold",
        "Tinos-Bold",
        "Tinos-BoldItalic",
        "Tinos-Italic",
        "Tinos-Regular",
    ]
    for path in files():
        assert "SIL OPEN FONT LICENSE" in (path.parent / "OFL.txt").read_text(encoding="utf-8")
