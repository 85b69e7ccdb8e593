"""Vietnamese text: one encoding, folding for search, alphabetical order, and spelling."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Dictionary order of the tones: level, falling, dipping, broken, rising, heavy.
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_QUALITIES: Final = frozenset("\u0302\u0306\u031b")
_LETTER_RANK: Final = {letter: chr(ord("A") + rank) for rank, letter in enumerate(ALPHABET)}
_TONE_SIGN: Final = '!"#$%&'
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_PIECE = re.compile(r"\d+|\D+")
_DIGITS_OF_ONE_STEP: Final = 9
_LONGEST_KEPT: Final = 16


class _Marks(dict[int, int | None]):
    """What becomes of a letter without its marks: marks go, the rest stays; each asked for once."""

    def __missing__(self, letter: int) -> int | None:
        kept = None if unicodedata.category(chr(letter)) == "Mn" else letter
        self[letter] = kept
        return kept


_MARKS: Final = _Marks()


def nfc(text: str) -> str:
    """Return the text in the one encoding that the house stores (Unicode NFC)."""
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Return the text in NFC, every run of white space made one space, none at the ends."""
    return " ".join(nfc(text).split())


def fold(text: str) -> str:
    """Return lower-case text without marks, đ as d, one space between words.

    What is stored and what is searched are folded by this one function; it is idempotent.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    once = _without_marks(text).lower().replace("đ", "d")
    return one_line(_without_marks(once))


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of the text, punctuation dropped."""
    return tuple(_WORD.findall(fold(text)))


def matches(query: str, text: str) -> bool:
    """Say whether every word of the query begins some word of the text, marks ignored."""
    stock = words(text)
    return all(any(word.startswith(asked) for word in stock) for asked in words(query))


def closeness(query: str, text: str) -> int:
    """Rank a match: 0 none, 1 by letters alone, 2 when the typed marks agree as well."""
    if not matches(query, text):
        return 0
    asked = zip(_composed_lower(query).split(), spelling(query).split(), strict=True)
    stock = list(zip(_composed_lower(text).split(), spelling(text).split(), strict=True))
    exact = all(any(w.startswith(a) or s == b for w, s in stock) for a, b in asked)
    return 2 if exact else 1


def spelling(text: str) -> str:
    """Return lower-case text in which a tone stands at the end of its word.

    `hoà` and `hòa` are one spelling; `hoa` is another.
    """
    return " ".join(_tone_last(word) for word in _composed_lower(text).split())


def normalise_name(text: str) -> str:
    """Return a person's name in NFC and single spaces; all-capital or all-small becomes Title."""
    name = one_line(text)
    if name.isupper() or name.islower():
        return " ".join(word[:1].upper() + word[1:].lower() for word in name.split())
    return name


def sort_key(text: str) -> str:
    """Return a key whose byte order is Vietnamese dictionary order.

    Word by word: first the letters (a ă â … d đ e ê …), then the tone; a shorter word before
    its extension; numbers by value and before letters; case and punctuation do not count.
    """
    return " ".join(_word_key(word) for word in _WORD.findall(_composed_lower(text)))


def _without_marks(text: str) -> str:
    return unicodedata.normalize("NFKD", text).translate(_MARKS)


def _composed_lower(text: str) -> str:
    return nfc(nfc(text).lower())


def _word_key(word: str) -> str:
    return _kept_word_key(word) if len(word) <= _LONGEST_KEPT else _made_word_key(word)


# Names are made of few words; a long one comes once.
@lru_cache(maxsize=4096)
def _kept_word_key(word: str) -> str:
    return _made_word_key(word)


def _made_word_key(word: str) -> str:
    return "".join(
        _number_key(piece) if piece.isdecimal() else _syllable_key(piece)
        for piece in _PIECE.findall(word)
    )


def _number_key(digits: str) -> str:
    value = "".join(str(unicodedata.decimal(digit)) for digit in digits).lstrip("0") or "0"
    steps, rest = divmod(len(value), _DIGITS_OF_ONE_STEP)
    return "9" * steps + str(rest) + value


def _syllable_key(piece: str) -> str:
    letters, tone = _letters_and_tone(piece)
    return "".join(_LETTER_RANK.get(letter, letter) for letter in letters) + _TONE_SIGN[tone]


def _letters_and_tone(piece: str) -> tuple[list[str], int]:
    letters: list[str] = []
    tone = 0
    for part in unicodedata.normalize("NFD", piece):
        if part in _TONES:
            tone = tone or _TONES[part]
        elif part in _QUALITIES and letters:
            letters[-1] = nfc(letters[-1] + part)
        elif unicodedata.category(part) != "Mn":
            letters.append(part)
    return letters, tone


def _tone_last(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(part for part in parts if part in _TONES)
    letters = nfc("".join(part for part in parts if part not in _TONES))
    return letters + "".join(str(_TONES[tone]) for tone in tones)
