"""Vietnamese text in form fields and appearances: fonts embedded whole, once a document."""

import hashlib
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter as Writer

from cuaso.capabilities.signing.logic.pdf_objects import (
    decimal,
    dictionary,
    integer,
    named,
    stream,
)
from cuaso.kernel.errors import Invalid

FOLDER = Path(__file__).resolve().parents[1] / "fonts"
SMALLEST = 7.0


@dataclass(frozen=True, kw_only=True)
class Typeface:
    """What is needed of a font file to write with it."""

    resource: str
    postscript_name: str
    units: int
    glyphs: dict[int, int]
    widths: tuple[int, ...]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    italic_angle: float
    packed: bytes
    length: int

    def encode(self, text: str) -> bytes:
        """Return glyph numbers as a PDF hex string. Raises Invalid for a letter without glyph."""
        missing = sorted({letter for letter in text if ord(letter) not in self.glyphs})
        if missing:
            raise Invalid(
                code="signing.letter_missing",
                what=f"Không ghi được ký tự “{''.join(missing)}” lên văn bản.",
                mend="Hãy dùng chữ cái tiếng Việt, chữ số và dấu câu thông thường.",
            )
        return b"<" + b"".join(b"%04X" % self.glyphs[ord(letter)] for letter in text) + b">"

    def width(self, text: str, size: float) -> float:
        """Return the width in points."""
        units = sum(self.widths[self.glyphs.get(ord(letter), 0)] for letter in text)
        return units * size / self.units

    def wrap(self, text: str, *, size: float, width: float) -> list[str]:
        """Return the text in lines no wider than `width`; a single long word stays whole."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def fit(self, text: str, *, size: float, width: float) -> float:
        """Return the largest size up to `size` at which the text is not wider than `width`."""
        natural = self.width(text, size)
        fitting = size if natural <= width else size * width / natural
        if fitting < SMALLEST:
            raise Invalid(
                code="signing.text_too_long",
                what=f"Nội dung “{text}” dài quá ô trên văn bản.",
                mend="Hãy rút gọn nội dung hoặc nới rộng ô trong khai báo thủ tục.",
            )
        return fitting


@cache
def typeface(*, italic: bool = False) -> Typeface:
    path = FOLDER / f"TinosVietnamese-{'Italic' if italic else 'Regular'}.ttf"
    content = path.read_bytes()
    font = TTFont(path)
    order = font.getGlyphOrder()
    head, hhea = font["head"], font["hhea"]
    # The resource's name pins the font file: another file's glyph numbers write other digits.
    mark = hashlib.sha256(content).hexdigest()[:10]
    return Typeface(
        resource=f"/Cuaso{mark}",
        postscript_name=f"/CUASOV+Tinos{'-Italic' if italic else ''}",
        units=head.unitsPerEm,
        glyphs={code: font.getGlyphID(name) for code, name in font.getBestCmap().items()},
        widths=tuple(font["hmtx"][name][0] for name in order),
        box=(head.xMin, head.yMin, head.xMax, head.yMax),
        ascent=hhea.ascent,
        descent=hhea.descent,
        italic_angle=font["post"].italicAngle,
        packed=zlib.compress(content, 9),
        length=len(content),
    )


def embed(writer: Writer, face: Typeface) -> IndirectObject:
    """Write the font into the document and return the reference of its Type 0 dictionary."""
    file = stream({"/Length1": integer(face.length)}, packed=face.packed)
    descriptor = dictionary(
        {
            "/Type": named("/FontDescriptor"),
            "/FontName": named(face.postscript_name),
            "/Flags": integer(4 | (64 if face.italic_angle else 0)),
            "/FontBBox": generic.ArrayObject([_scaled(face, one) for one in face.box]),
            "/ItalicAngle": decimal(face.italic_angle),
            "/Ascent": _scaled(face, face.ascent),
            "/Descent": _scaled(face, face.descent),
            "/CapHeight": _scaled(face, face.ascent),
            "/StemV": integer(80),
            "/FontFile2": writer.add_object(file),
        }
    )
    descendant = dictionary(
        {
            "/Type": named("/Font"),
            "/Subtype": named("/CIDFontType2"),
            "/BaseFont": named(face.postscript_name),
            "/CIDSystemInfo": _system_info(),
            "/FontDescriptor": writer.add_object(descriptor),
            "/CIDToGIDMap": named("/Identity"),
            "/W": generic.ArrayObject(
                [integer(0), generic.ArrayObject([_scaled(face, one) for one in face.widths])]
            ),
        }
    )
    return writer.add_object(
        dictionary(
            {
                "/Type": named("/Font"),
                "/Subtype": named("/Type0"),
                "/BaseFont": named(face.postscript_name),
                "/Encoding": named("/Identity-H"),
                "/DescendantFonts": generic.ArrayObject([writer.add_object(descendant)]),
                "/ToUnicode": writer.add_object(_to_unicode(face)),
            }
        )
    )


def _system_info() -> DictionaryObject:
    return dictionary(
        {
            "/Registry": generic.pdf_string("Adobe"),
            "/Ordering": generic.pdf_string("Identity"),
            "/Supplement": integer(0),
        }
    )


def _to_unicode(face: Typeface) -> StreamObject:
    letters = tuple(sorted(face.glyphs.items()))
    return stream({}, packed=_to_unicode_packed(face.resource, letters))


@cache
def _to_unicode_packed(_resource: str, glyphs: tuple[tuple[int, int], ...]) -> bytes:
    letters = {glyph: code for code, glyph in reversed(glyphs)}
    pairs = [b"<%04X> <%04X>" % pair for pair in sorted(letters.items())]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = b"\n".join(
        b"%d beginbfchar\n%s\nendbfchar" % (len(block), b"\n".join(block)) for block in blocks
    )
    return zlib.compress(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n" + body + b"\n"
        b"endcmap CMapName currentdict /CMap defineresource pop end end"
    )


def _scaled(face: Typeface, units: int) -> generic.NumberObject:
    return integer(round(units * 1000 / face.units))
