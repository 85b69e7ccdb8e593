"""What exists already and resembles an application: by words, by data, by interfaces."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel.text import fold, nfc
from cuaso.services.planning.contracts import ApplicationDraft, Likeness
from cuaso.services.planning.models import Application

# What most titles of applications say; it parts a text as a comma does.
_EMPTY: Final = re.compile(
    r"\b(hệ thống|phần mềm|ứng dụng|quản lý|cơ sở dữ liệu|thông tin|trên địa bàn|phục vụ|tỉnh"
    r"|gia lai|bình định|của|và|các|cho|với)\b|[^\w\s]+"
)
_FEWEST_ELEMENTS: Final = 2
_SAME_WORDS: Final = 0.5
_FEWEST_PAIRS: Final = 2
_MOST_SAID: Final = 4
_DEAD: Final = ("retired", "refused")
Pair = tuple[str, str]


def similar(draft: ApplicationDraft) -> tuple[Likeness, ...]:
    """Return the applications in life that resemble a draft, most alike first, with reasons.

    Alike are: half of the smaller's data elements (two at least); half of the pairs of words of
    title and purpose; or a common interface with a common element.
    """
    found = []
    for row in Application.objects.exclude(state__in=_DEAD).order_by("title"):
        reasons, score = _compare(draft, row)
        if reasons:
            found.append(
                Likeness(
                    application_id=row.id,
                    title=row.title,
                    agency=directory.agency(row.agency_id).name,
                    state=row.state,
                    reasons=tuple(reasons),
                    score=score,
                )
            )
    return tuple(sorted(found, key=lambda one: -one.score))


def _compare(draft: ApplicationDraft, row: Application) -> tuple[list[str], int]:
    reasons, score = [], 0
    common = sorted(set(draft.elements) & set(row.elements))
    smaller = min(len(set(draft.elements)), len(row.elements))
    if len(common) >= max(_FEWEST_ELEMENTS, smaller / 2):
        reasons.append(f"Cùng giữ {len(common)} phần tử dữ liệu: {_titles(common)}.")
        score += 10 * len(common)
    mine, theirs = _pairs(draft.title, draft.purpose), _pairs(row.title, row.purpose)
    shared = mine & theirs
    if shared and len(shared) >= max(_FEWEST_PAIRS, _SAME_WORDS * min(len(mine), len(theirs))):
        told = _phrases(shared, row.title, row.purpose)
        said = ", ".join(f"“{one}”" for one in told[:_MOST_SAID])
        reasons.append(f"Tên và mục đích nói cùng việc: {said}.")
        score += 5 * len(shared)
    doors = sorted(set(draft.interfaces) & set(row.interfaces))
    if doors and common:
        named = ", ".join(doors)
        reasons.append(f"Cùng kết nối với {named} để lấy {_titles(common)}.")
        score += 5 * len(doors)
    return reasons, score


def _titles(keys: Iterable[str]) -> str:
    known = {one.key: one.title for one in dictionary.elements(keys)}
    return ", ".join(known.get(key, key) for key in keys)


def _pairs(*texts: str) -> frozenset[Pair]:
    """Return the neighbouring syllables that carry meaning, folded."""
    return frozenset(pair for part in _parts(texts) for pair in _neighbours(part))


def _phrases(shared: frozenset[Pair], *texts: str) -> list[str]:
    """Return each phrase of which all neighbours are shared, whole and as it is written, once."""
    found: dict[str, str] = {}
    for part in _parts(texts):
        begun = 0
        for at, pair in enumerate((*_neighbours(part), None), start=1):
            if pair not in shared:
                if at - begun > 1:
                    phrase = " ".join(part[begun:at])
                    found.setdefault(fold(phrase), phrase)
                begun = at
    return [one for key, one in found.items() if not any(_within(key, other) for other in found)]


def _within(phrase: str, other: str) -> bool:
    return phrase != other and f" {phrase} " in f" {other} "


def _parts(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield the syllables of each part of the texts that no empty word or mark interrupts."""
    for text in texts:
        yield from (part.split() for part in _EMPTY.sub(",", nfc(text).lower()).split(","))


def _neighbours(part: Sequence[str]) -> list[Pair]:
    return list(pairwise(map(fold, part)))
