"""QR codes with error correction M: readable from a worn print, small on a page."""

import io
import re

import segno

from cuaso.capabilities.reports.logic.qr_modules import MASK, modules_of

BORDER = 2
_DARK = re.compile(b"\1+")


def qr_svg(text: str) -> str:
    """Return the QR code of `text` as one SVG element without a size of its own."""
    rows = modules_of(text)
    if rows is not None:
        return _svg(rows)
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False, mask=MASK)
    code.save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=BORDER)
    return out.getvalue().decode()


def _svg(rows: list[bytes]) -> str:
    side = len(rows) + 2 * BORDER
    lines = "".join(
        f"M{found.start() + BORDER} {y}.5h{found.end() - found.start()}"
        for y, row in enumerate(rows, start=BORDER)
        for found in _DARK.finditer(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path stroke="#000" d="{lines}"/></svg>'
    )


def qr_png(text: str, *, scale: int = 6) -> bytes:
    """Return the QR code of `text` as PNG, `scale` pixels a module."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False, mask=MASK)
    code.save(out, kind="png", scale=scale, border=BORDER)
    return out.getvalue()
