"""One page of a PDF as a picture: what a phone or a list shows of a paper."""

from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from cuaso.kernel.errors import Invalid

SCREEN_PIXELS_PER_INCH = 60.0
PAGE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("paper.pdf", page: {page})\n'


def page_picture(
    pdf: bytes, *, page: int = 1, pixels_per_inch: float = SCREEN_PIXELS_PER_INCH
) -> bytes:
    """Return a PNG of one page of a PDF, the first without a number.

    Raises Invalid when there is no such page or the file is no PDF that can be drawn.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "paper.pdf").write_bytes(pdf)
        (folder / "page.typ").write_text(PAGE.format(page=page))
        return _drawn(folder / "page.typ", page=page, pixels_per_inch=pixels_per_inch)


def _drawn(source: Path, *, page: int, pixels_per_inch: float) -> bytes:
    try:
        drawn = typst.compile(source, root=source.parent, format="png", ppi=pixels_per_inch)
    except typst.TypstError as error:
        raise Invalid(
            code="reports.page_not_drawn",
            what=f"Không vẽ được trang {page} của văn bản.",
            why=str(error.message),
            mend="Hãy mở tệp bằng chương trình đọc PDF để xem.",
        ) from error
    return bytes(drawn)
