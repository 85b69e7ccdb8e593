"""QR codes with error correction M: readable from a worn print, small on a page."""

import io

import segno

# Any of the eight masks is read by every reader, which finds it in the code itself. To weigh all
# eight against each other costs more than the rest of the paper; this one breaks up even fields.
MASK = 0


def qr_svg(text: str) -> str:
    """Return the QR code of `text` as one SVG element without a size of its own."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False, mask=MASK)
    code.save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
    return out.getvalue().decode()


def qr_png(text: str, *, scale: int = 6) -> bytes:
    """Return the QR code of `text` as PNG, `scale` pixels a module."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False, mask=MASK).save(out, kind="png", scale=scale, border=2)
    return out.getvalue()
