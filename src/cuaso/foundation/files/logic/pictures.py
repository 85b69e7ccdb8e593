"""Pictures from phones: check them without unpacking, and bind them into one PDF."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from cuaso.foundation.files.logic.refusals import unacceptable

register_heif_opener()
# Pillow only warns of a bomb at first; `_open` refuses by a limit of our own before unpacking.
Image.MAX_IMAGE_PIXELS = None

MOST_PIXELS = 50_000_000
A4 = (1654, 2339)  # at 200 dots per inch, the least that Decree 30/2020 asks of a scan
DPI = 200
_FORMATS = ("JPEG", "PNG", "HEIF")
_UNREADABLE = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError)


def check_picture(path: Path) -> None:
    """Raise Invalid for a picture that is broken or over 50 megapixels, reading its head only."""
    with path.open("rb") as file, _open(file):
        pass


def bind(pictures: Iterable[bytes]) -> bytes:
    """Return a PDF of A4 pages at 200 dpi, one for each picture, upright.

    Nothing but the pixels goes over: no place, no camera, no thumbnail. Raises Invalid for a
    picture that is broken.
    """
    output = BytesIO()
    for number, content in enumerate(pictures):
        # One page in memory at a time: twenty of them would be a quarter of a gigabyte.
        _page(content).save(output, "PDF", append=number > 0, resolution=DPI, quality=85)
    return output.getvalue()


def portrait(content: bytes, *, within: tuple[int, int]) -> bytes:
    """Return a picture of a face as a JPEG that fits `within`, upright.

    Nothing but the pixels goes over: no place, no camera, no thumbnail. Raises Invalid for a
    picture that is broken or over 50 megapixels.
    """
    with _open(BytesIO(content)) as picture:
        picture.draft("RGB", within)
        try:
            flat = _on_white(ImageOps.exif_transpose(picture))
        except _UNREADABLE as error:
            raise _broken() from error
    flat.thumbnail(within, Image.Resampling.LANCZOS)
    output = BytesIO()
    flat.save(output, "JPEG", quality=85)
    return output.getvalue()


def _page(content: bytes) -> Image.Image:
    with _open(BytesIO(content)) as picture:
        size = A4 if picture.width <= picture.height else A4[::-1]
        picture.draft("RGB", (max(A4), max(A4)))
        try:
            upright = ImageOps.exif_transpose(picture)
            flat = _on_white(upright)
        except _UNREADABLE as error:
            raise _broken() from error
    if (flat.width > flat.height) != (size[0] > size[1]):
        size = size[::-1]
    page = Image.new("RGB", size, "white")
    flat.thumbnail(size, Image.Resampling.LANCZOS)
    page.paste(flat, ((size[0] - flat.width) // 2, (size[1] - flat.height) // 2))
    return page


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return picture.convert("RGB")


def _open(file: IO[bytes]) -> Image.Image:
    try:
        picture = Image.open(file, formats=_FORMATS)
    except _UNREADABLE as error:
        raise _broken() from error
    if picture.width * picture.height > MOST_PIXELS:
        picture.close()
        raise unacceptable(
            "too_many_pixels",
            "Ảnh có quá nhiều điểm ảnh (trên 50 triệu).",
            mend="Hãy chụp hoặc quét lại với độ phân giải thấp hơn.",
        )
    return picture


def _broken() -> Exception:
    return unacceptable(
        "broken_picture", "Ảnh bị hỏng, không mở được.", mend="Hãy chụp hoặc quét lại."
    )
