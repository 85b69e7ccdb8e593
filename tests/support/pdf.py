import re
import subprocess
from dataclasses import dataclass

_PLACED = re.compile(
    r'<page width="(?P<wide>[\d.]+)"|<word xMin="(?P<box>[^>]*)">(?P<said>[^<]*)</word>'
)


def text_of(pdf: bytes) -> str:
    """Return what a PDF says in reading order, every run of blanks as one space."""
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(told.stdout.decode().split())


def pages_of(pdf: bytes) -> list[str]:
    """Return what each page of a PDF says, every run of blanks as one space."""
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return [" ".join(page.split()) for page in told.stdout.decode().split("\f")[:-1]]


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word where it stands on its page, in points from the top left corner."""

    page: int
    wide: float
    said: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Word") -> bool:
        """Say whether two words of a page stand on each other; touching is not standing."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return self.page == other.page and across > 1 and down > 4


def words_of(pdf: bytes) -> list[Word]:
    """Return every word of a PDF with its place."""
    told = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    )
    words: list[Word] = []
    page, wide = 0, 0.0
    for found in _PLACED.finditer(told.stdout.decode()):
        if found["wide"]:
            page, wide = page + 1, float(found["wide"])
            continue
        left, top, right, bottom = (float(part) for part in re.findall(r"[\d.]+", found["box"]))
        words.append(
            Word(
                page=page,
                wide=wide,
                said=found["said"],
                left=left,
                top=top,
                right=right,
                bottom=bottom,
            )
        )
    return words


def ink_of(pdf: bytes, *, left: int, top: int, width: int, height: int) -> float:
    """Return which share of a box on page 1, in millimetres, is dark."""
    scale = ["-gray", "-r", "25.4", "-l", "1"]
    box = ["-x", left, "-y", top, "-W", width, "-H", height]
    drawn = subprocess.run(
        ["pdftoppm", *scale, *map(str, box), "-"], input=pdf, capture_output=True, check=True
    )
    grey = drawn.stdout[-width * height :]
    return sum(1 for point in grey if point < 160) / len(grey)
