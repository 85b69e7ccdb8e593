"""Where the seal stands (decree 30/2020/NĐ-CP, appendix I)."""

from cuaso.capabilities.signing.contracts import Box

MILLIMETRE = 72 / 25.4
SEAL_POINTS = 36 * MILLIMETRE  # the picture is printed in the real seal's size
OVERLAP = 1 / 3
NAME_LINE = 24.0  # the printed name stands below the signature's box
CAPTION = 22.0  # two lines below the name: the agency, the moment


def seal_box(*, signature: Box, drawn: tuple[float, float, float, float]) -> Box:
    """Return the seal's box: its picture covers the left third of the drawn signature.

    `drawn` is x, y, width, height of the picture inside the signature's box. The seal's box
    reaches down below the printed name, where the caption stands, and right to the
    signature's edge.
    """
    x, y, width, height = drawn
    left = signature.x + x + width * OVERLAP - SEAL_POINTS
    top = signature.y + y + height / 2 + SEAL_POINTS / 2
    bottom = signature.y - NAME_LINE - CAPTION
    return Box(
        x=left,
        y=bottom,
        width=signature.x + signature.width - left,
        height=top - bottom,
        page=signature.page,
    )


def picture_place(box: Box) -> tuple[float, float, float, float]:
    """Return where the picture stands in the seal's box: top left, never larger than life."""
    side = min(SEAL_POINTS, box.width, box.height - CAPTION)
    return 0, box.height - side, side, side
