"""Pictures of signatures and seals: checked when from outside, drawn for demonstration."""

import io
import math
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from cuaso.kernel.errors import Invalid

FONTS = Path(__file__).resolve().parents[1] / "fonts"
BLUE = (20, 52, 164)
RED = (208, 16, 32)
MOST_BYTES = 512 * 1024
MOST_PIXELS = 2_000_000
SEAL_PIXELS = 340  # 36 mm at 240 dots an inch
DRAWN_PIXELS = 1275  # drawn larger, then reduced: smooth edges
SAMPLE = "MẪU"


@dataclass(frozen=True, kw_only=True)
class Pixels:
    """A picture ready for a PDF: colours and opacity apart, each compressed."""

    width: int
    height: int
    colours: bytes
    opacity: bytes


def check(png: bytes) -> None:
    """Raise Invalid unless this is a PNG with transparency of a sensible size."""
    if not _is_transparent_png(png):
        raise Invalid(
            code="signing.picture_wrong",
            what="Hình chữ ký hoặc hình con dấu chưa đúng.",
            why="Hình phải là PNG nền trong suốt, không quá 512 KB (Nghị định 30/2020/NĐ-CP).",
            mend="Hãy chọn tệp hình khác.",
        )


def _is_transparent_png(png: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            small = len(png) <= MOST_BYTES and image.width * image.height <= MOST_PIXELS
            if small:
                image.load()
            return small and "A" in image.mode
    except Exception:  # noqa: BLE001 an outsider's bytes break a decoder in any way
        return False


@lru_cache(maxsize=64)
def pixels(png: bytes) -> Pixels:
    """Return the picture's parts as a PDF wants them."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
        image = opened.convert("RGBA")
    return Pixels(
        width=image.width,
        height=image.height,
        colours=zlib.compress(image.convert("RGB").tobytes(), 9),
        opacity=zlib.compress(image.getchannel("A").point(_coarse).tobytes(), 9),
    )


@lru_cache(maxsize=256)
def drawn_signature(name: str) -> bytes:
    """Return a demonstration signature as PNG: the given name in script, blue, with a flourish."""
    font = ImageFont.truetype(FONTS / "DancingScript-Regular.ttf", 120)
    small = ImageFont.truetype(FONTS / "TinosVietnamese-Regular.ttf", 22)
    text = " ".join(name.split()[-2:])
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("RGBA", (int(right - left) + 80, int(bottom - top) + 90), (*BLUE, 0))
    draw = ImageDraw.Draw(image)
    draw.text((30 - left, 20 - top), text, font=font, fill=(*BLUE, 255))
    line = bottom - top + 36
    points = [(x, line + 12 * math.sin(x / 45)) for x in range(20, image.width - 20, 4)]
    draw.line(points, fill=(*BLUE, 255), width=4, joint="curve")
    draw.text((image.width - 70, line + 14), SAMPLE, font=small, fill=(*BLUE, 255))
    return _png(image)


@lru_cache(maxsize=256)
def drawn_seal(agency_name: str) -> bytes:
    """Return a demonstration seal as PNG: round, red, the agency around a star, marked MẪU."""
    size = DRAWN_PIXELS
    image = Image.new("RGBA", (size, size), (*RED, 0))
    draw = ImageDraw.Draw(image)
    for inset, width in ((4, 14), (34, 5), (300, 5)):
        draw.ellipse((inset, inset, size - inset, size - inset), outline=(*RED, 235), width=width)
    middle = size / 2
    draw.polygon(_star(middle, middle - 60, 190), fill=(*RED, 235))
    label = ImageFont.truetype(FONTS / "TinosVietnamese-Bold.ttf", 120)
    draw.text((middle, middle + 225), SAMPLE, font=label, fill=(*RED, 235), anchor="mm")
    _write_round(image, agency_name.upper(), radius=middle - 165)
    return _png(image.resize((SEAL_PIXELS, SEAL_PIXELS), Image.Resampling.LANCZOS))


def _write_round(image: Image.Image, text: str, *, radius: float) -> None:
    size = 150
    font = ImageFont.truetype(FONTS / "TinosVietnamese-Bold.ttf", size)
    while sum(map(font.getlength, text)) > 1.7 * math.pi * radius:
        size -= 4
        font = ImageFont.truetype(FONTS / "TinosVietnamese-Bold.ttf", size)
    angle = -sum(map(font.getlength, text)) / radius / 2
    for letter in text:
        step = font.getlength(letter) / radius
        _write_turned(image, letter, font=font, radius=radius, angle=angle + step / 2)
        angle += step


def _write_turned(
    image: Image.Image, letter: str, *, font: ImageFont.FreeTypeFont, radius: float, angle: float
) -> None:
    tile = Image.new("RGBA", (320, 320), (*RED, 0))
    ImageDraw.Draw(tile).text((160, 160), letter, font=font, fill=(*RED, 235), anchor="mm")
    turned = tile.rotate(-math.degrees(angle), resample=Image.Resampling.BICUBIC)
    x = image.width / 2 + radius * math.sin(angle) - 160
    y = image.height / 2 - radius * math.cos(angle) - 160
    image.alpha_composite(turned, (max(0, round(x)), max(0, round(y))))


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    corners = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.382
        turn = math.pi * index / 5
        corners.append((x + reach * math.sin(turn), y - reach * math.cos(turn)))
    return corners


def _coarse(opacity: float) -> float:
    """Sixteen steps of opacity look the same and pack twice as well."""
    step = int(opacity) >> 4
    return step << 4 | step


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()
