"""The modules of a QR code of running text, over a frame that is drawn once a size.

The library draws every code from nothing, which costs more than the rest of a paper; here it draws
the frame of a size, and only the text's own bits are put in. Source: ISO/IEC 18004:2015.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Final, cast

import segno
from segno import consts

# Any of the eight masks is read by every reader, which finds it in the code itself. To weigh all
# eight against each other costs more than the rest of the paper; this one breaks up even fields.
MASK: Final = 0
# By version and level: how many bits of data there are, and in which blocks they stand.
_CAPACITY: Final = cast("Mapping[int, Mapping[int, int]]", consts.SYMBOL_CAPACITY)
_BLOCKS: Final = cast("Mapping[int, Mapping[int, Sequence[Any]]]", consts.ECC)
_M, _Q, _H = consts.ERROR_LEVEL_M, consts.ERROR_LEVEL_Q, consts.ERROR_LEVEL_H
_LEVELS: Final = {_M: "m", _Q: "q", _H: "h"}
_DATA: Final = frozenset({consts.TYPE_DATA_DARK, consts.TYPE_DATA_LIGHT})
_FORMAT: Final = frozenset({consts.TYPE_FORMAT_DARK, consts.TYPE_FORMAT_LIGHT})
_FORMAT_AT: Final = 8
_BYTE_MODE: Final = 0b0100
_SHORT_LENGTH_UP_TO: Final = 9
_VERSIONS: Final = range(1, 41)
_TIMING_COLUMN: Final = 6
_PADS: Final = b"\xec\x11"
_MODULUS: Final = 0x11D
_TO_BITS: Final = bytes.maketrans(b"01", b"\0\1")


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A code of one size and level without its text: light and dark modules row by row, the places
    of the text's bits in their order, and the modules there when every bit is 0.
    """

    side: int
    modules: bytes
    places: tuple[int, ...]
    masked: bytes


def modules_of(text: str) -> list[bytes] | None:
    """Return the rows of modules (1 is dark) with error correction M or, where it costs no size,
    better; None for a text that is no running text or too long, which the library draws itself.
    """
    if not any("a" <= sign <= "z" for sign in text):
        return None
    content = _encoded(text)
    chosen = _size_for(len(content))
    if chosen is None:
        return None
    version, level = chosen
    frame = _frame(version, level)
    bits = _bits(_codewords(content, version, level), len(frame.places))
    modules = bytearray(frame.modules)
    for place, bit, masked in zip(frame.places, bits, frame.masked, strict=True):
        modules[place] = bit ^ masked
    return [bytes(modules[at : at + frame.side]) for at in range(0, len(modules), frame.side)]


def _encoded(text: str) -> bytes:
    for encoding in (consts.DEFAULT_BYTE_ENCODING, consts.KANJI_ENCODING):
        try:
            return text.encode(encoding)
        except UnicodeError:
            continue
    return text.encode()


def _size_for(length: int) -> tuple[int, int] | None:
    """Return the smallest version at level M, and the best level that fits it."""
    for version in _VERSIONS:
        needed = 4 + _length_bits(version) + 8 * length
        if needed <= _CAPACITY[version][_M]:
            fitting = [lv for lv in _LEVELS if needed <= _CAPACITY[version][lv]]
            return version, fitting[-1]
    return None


def _length_bits(version: int) -> int:
    return 8 if version <= _SHORT_LENGTH_UP_TO else 16


def _codewords(content: bytes, version: int, level: int) -> bytes:
    """Return data and error correction, interleaved as they are placed."""
    groups = _BLOCKS[version][level]
    data = _data(content, version, sum(one.num_blocks * one.num_data for one in groups))
    blocks, checks, at = [], [], 0
    for one in groups:
        for _ in range(one.num_blocks):
            block = data[at : at + one.num_data]
            at += one.num_data
            blocks.append(block)
            checks.append(_check(block, one.num_total - one.num_data))
    return bytes([*_woven(blocks), *_woven(checks)])


def _data(content: bytes, version: int, size: int) -> bytes:
    length = _length_bits(version)
    # Mode, length, content and the terminator fill whole bytes: 4 + 8n + 4.
    head = (_BYTE_MODE << length) | len(content)
    value = ((head << 8 * len(content)) | int.from_bytes(content)) << 4
    # An empty word before the padding, as the library has it; readers stop at the terminator.
    told = (value.to_bytes(len(content) + 1 + length // 8) + b"\0")[:size]
    return told + (_PADS * size)[: size - len(told)]


def _woven(blocks: Sequence[bytes]) -> Iterator[int]:
    for column in zip_longest(*blocks):
        yield from (word for word in column if word is not None)


def _check(block: bytes, count: int) -> bytes:
    """Return the Reed-Solomon remainder of a block."""
    steps, keep = _steps(count), (1 << 8 * count) - 1
    rest = 0
    for word in block:
        rest = ((rest << 8) & keep) ^ steps[word ^ (rest >> 8 * (count - 1))]
    return rest.to_bytes(count)


@lru_cache
def _steps(count: int) -> tuple[int, ...]:
    """Return the generator of `count` check words times every field element, as whole numbers."""
    generator, root = [1], 1
    for _ in range(count):
        generator = [
            a ^ _times(b, root) for a, b in zip([*generator, 0], [0, *generator], strict=True)
        ]
        root = _times(root, 2)
    return tuple(
        int.from_bytes(bytes(_times(one, factor) for one in generator[1:])) for factor in range(256)
    )


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = (a << 1) ^ (_MODULUS if a & 0x80 else 0)
        b >>= 1
    return product


def _bits(words: bytes, count: int) -> bytes:
    """Return the bits of the words, and as many 0 as places are left."""
    text = format(int.from_bytes(words), f"0{8 * len(words)}b")
    return text.ljust(count, "0").encode().translate(_TO_BITS)


@lru_cache(maxsize=64)
def _frame(version: int, level: int) -> Frame:
    drawn = segno.make(
        "a", error=_LEVELS[level], version=version, mask=MASK, micro=False, boost_error=False
    )
    kinds = [list(row) for row in drawn.matrix_iter(border=0, verbose=True)]
    side = len(kinds)
    places = [
        (y, x)
        for y, x in _walk(side)
        if kinds[y][x] in _DATA or (kinds[y][x] in _FORMAT and not _is_format(y, x, side))
    ]
    return Frame(
        side=side,
        modules=b"".join(bytes(row) for row in drawn.matrix),
        places=tuple(y * side + x for y, x in places),
        masked=bytes((y + x) % 2 == 0 for y, x in places),
    )


def _is_format(y: int, x: int, side: int) -> bool:
    """Say whether a module tells level and mask; the library calls one beside them so, too."""
    return (y == _FORMAT_AT and (x <= _FORMAT_AT or x >= side - _FORMAT_AT)) or (
        x == _FORMAT_AT and (y <= _FORMAT_AT or y > side - _FORMAT_AT)
    )


def _walk(side: int) -> Iterator[tuple[int, int]]:
    """Yield the modules in the order in which bits are placed: two columns up, two down."""
    rights = [*range(side - 1, _TIMING_COLUMN, -2), *range(_TIMING_COLUMN - 1, 0, -2)]
    for turn, right in enumerate(rights):
        for step in range(side):
            y = step if turn % 2 else side - 1 - step
            yield from ((y, right), (y, right - 1))
