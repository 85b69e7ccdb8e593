"""Tells Vietnamese of old fonts by its letters, and writes it in Unicode.

Two of them are still in the sheets of offices: TCVN3 (fonts .VnTime, .VnArial; the table VN3 of
TCVN 5712:1993) and VNI-Windows (fonts VNI-Times; a letter and behind it its mark, as published by
VNI Software). Both are read as Windows-1252, so that “Cầu Gành” comes as “CÇu Gµnh” or “Caàu
Gaønh”. A word counts where only its conversion is a Vietnamese syllable; plain Vietnamese, French
or German has words that are none, and one word alone decides nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from cuaso.kernel.text import nfc

_TCVN3: Final = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VNI_MARKED: Final[Mapping[str, tuple[str, str]]] = {
    "a": ("ùøûõïêéèúüëâáàåãä", "áàảãạăắằẳẵặâấầẩẫậ"),
    "e": ("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
    "o": ("ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
    "ô": ("ùøûõï", "ớờởỡợ"),
    "u": ("ùøûõï", "úùủũụ"),
    "ö": ("ùøûõï", "ứừửữự"),
    "y": ("ùøûõ", "ýỳỷỹ"),
}
_VNI_ALONE: Final = {
    "ô": "ơ",
    "ö": "ư",
    "ñ": "đ",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
    "í": "í",
    "ì": "ì",
}
_TONES: Final = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOPPED: Final = {"\u0301", "\u0323"}
_SYLLABLE: Final = re.compile(
    r"(?:ngh?|nh|ch|gh|gi|kh|ph|th|tr|qu|[bcdđghklmnprstvx])?"
    r"(?P<rime>a(?:c|ch|i|k|m|n|ng|nh|o|p|t|u|y)?|ă(?:c|k|m|n|ng|p|t)|â(?:c|k|m|n|ng|p|t|u|y)"
    r"|e(?:c|m|n|ng|o|p|t)?|ê(?:ch|k|m|n|nh|p|t|u)?|i(?:a|ch|m|n|nh|p|t|u)?"
    r"|iê(?:c|m|n|ng|p|t|u)|o(?:c|i|k|m|n|ng|p|t)?|oa(?:c|ch|i|m|n|ng|nh|o|p|t|y)?"
    r"|oă(?:c|m|n|ng|t)|oe(?:n|o|t)?|oo(?:c|ng)|ô(?:c|i|k|m|n|ng|p|t)?|ơ(?:i|m|n|p|t)?"
    r"|u(?:a|c|i|m|n|ng|p|t)?|uâ(?:n|ng|t|y)|uê(?:ch|nh)?|uơ|uô(?:c|i|m|n|ng|t)"
    r"|uy(?:a|ch|nh|n|t|u)?|uyê(?:n|t)|ư(?:a|c|i|m|n|ng|t|u)?|ươ(?:c|i|m|n|ng|p|t|u)"
    r"|y(?:nh|t|m|n)?|yê(?:m|n|ng|t|u))"
)
_WORD: Final = re.compile(r"[^\W\d_]*(?:[¡-\u00ad®-±µ-¹»-¾À-ÿ][^\W\d_]*)+")
_VOWELS: Final = frozenset("aăâeêioôơuưy")
_LATIN_1: Final = "\u00ff"
_FEWEST: Final = 2
_SURER: Final = 3
_MIXED: Final = 10
_KEPT: Final = 20_000


def _tcvn3(text: str) -> str:
    return "".join(_TCVN3.get(sign, sign) for sign in text)


def _vni_pairs() -> dict[str, str]:
    pairs = dict(_VNI_ALONE)
    for letter, (marks, made) in _VNI_MARKED.items():
        pairs |= {letter + mark: one for mark, one in zip(marks, made, strict=True)}
    upper = {old.upper(): new.upper() for old, new in pairs.items()}
    mixed = {old[0].upper() + old[1:]: new.upper() for old, new in pairs.items() if len(old) > 1}
    return pairs | upper | mixed


_VNI: Final = _vni_pairs()
_VNI_LETTER: Final = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def _vni(text: str) -> str:
    return _VNI_LETTER.sub(lambda found: _VNI[found[0]], text)


FONTS: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = {
    "tcvn3": ("TCVN3 (.VnTime)", _tcvn3),
    "vni": ("VNI-Windows (VNI-Times)", _vni),
}


def converted(text: str, font: str) -> str:
    """Return a text of an old font in Unicode, capitals where the font shows small ones so."""
    made = FONTS[font][1](text)
    return _in_capitals(text, made) if font == "tcvn3" else made


def readings(text: str) -> tuple[str, ...]:
    """Return a heading as it stands, then as old fonts may have meant it."""
    if text.isascii() or any(sign > _LATIN_1 for sign in text):
        return (text,)
    return tuple(dict.fromkeys((text, *(converted(text, font) for font in FONTS))))


def _in_capitals(text: str, made: str) -> str:
    """.VnTimeH shows the small letters with marks as capitals: a word in capitals tells of it."""
    plain = [sign for sign in text if sign.isascii() and sign.isalpha()]
    sure = re.search(r"[A-Z][A-Z]|[A-Z][^\x00-\xa0][A-Z]", text)
    return made.upper() if sure and all(sign.isupper() for sign in plain) else made


def is_syllable(word: str) -> bool:
    """Say whether a word in Unicode is formed as a Vietnamese syllable, its tone among it."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [sign for sign in parts if sign in _TONES]
    plain = nfc("".join(sign for sign in parts if sign not in _TONES))
    found = _SYLLABLE.fullmatch(plain)
    if found is None or len(tones) > 1:
        return False
    stopped = found["rime"][-1] in "cpt" or found["rime"].endswith("ch")
    return not stopped or bool(tones and tones[0] in _STOPPED)


@lru_cache(maxsize=8192)
def _weight(word: str, font: str) -> str:
    """Say what a word is: "old" speaks for the font, "plain" is Vietnamese in Unicode, "strange"
    neither, "hint" an abbreviation with Đ; "" says nothing.
    """
    made = converted(word, font)
    right, was = is_syllable(made), is_syllable(word)
    if not any(sign.isascii() for sign in word) or (right and was):
        return ""
    if right or was:
        return "old" if right else "plain"
    # Đ in an abbreviation (HĐND) is no syllable of anything.
    vowels = any(sign in _VOWELS for sign in unicodedata.normalize("NFD", made.lower()))
    return "strange" if vowels else "hint" if made != word else ""


class ColumnLetters:
    """Learns from the texts of one column of which font they are, and tells it of each."""

    def __init__(self) -> None:
        self.font = ""
        self._seen: set[str] = set()
        self._words: dict[tuple[str, str], set[str]] = {
            (font, kind): set() for font in FONTS for kind in ("old", "plain", "strange", "hint")
        }

    def learn(self, texts: Sequence[str]) -> None:
        """Look at more texts of the column."""
        if "".join(texts).isascii():
            return
        # Most columns say few different things.
        whole = "\n".join(set(texts))
        fresh = {piece for piece in set(whole.split()) - self._seen if not piece.isascii()}
        if len(self._seen) > _KEPT:
            self._seen.clear()
        self._seen |= fresh
        for word in set(_WORD.findall(nfc("\n".join(fresh)))):
            for font in FONTS:
                kind = _weight(word, font)
                if kind:
                    self._words[font, kind].add(word)
        sure = [font for font in FONTS if self._speaks_for(font, _FEWEST)]
        self.font = max(sure, key=lambda font: len(self._words[font, "old"]), default="")

    def follow(self, font: str) -> None:
        """Take the font of another column of the sheet where a word here speaks for it, too."""
        hinted = bool(self._words[font, "hint"]) and not self._words[font, "plain"]
        if not self.font and self._speaks_for(font, 0 if hinted else 1):
            self.font = font

    def _speaks_for(self, font: str, fewest: int) -> bool:
        """Say whether so many words at least speak for a font, and few others stand there."""
        good, plain, strange = (
            len(self._words[font, kind]) for kind in ("old", "plain", "strange")
        )
        return good >= fewest and good >= _SURER * strange and good * _MIXED >= plain

    def told(self, text: str) -> str:
        """Return in Unicode what a text of the column says, "" for one that is in Unicode."""
        font = self.font
        if not font or text.isascii() or any(sign > _LATIN_1 for sign in nfc(text)):
            return ""
        words = _WORD.findall(text)
        made = converted(text, font)
        mixed = self._words[font, "plain"] or self._words[font, "strange"]
        old = any(_weight(word, font) == "old" for word in words)
        return made if made != text and (old or (words and not mixed)) else ""


def is_old(texts: Sequence[str]) -> bool:
    """Say whether texts are of an old font."""
    letters = ColumnLetters()
    letters.learn(texts)
    return bool(letters.font)
