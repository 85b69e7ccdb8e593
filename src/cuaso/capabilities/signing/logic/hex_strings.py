"""Hex strings of a PDF read in blocks.

A signature's container is a hex string of some 17,000 digits, and pyHanko reads it byte by byte
through four Python calls a digit: 8 ms each time a signed paper is opened to be sealed or checked.
"""

import binascii
import os
from typing import BinaryIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PDF_WHITESPACE

BLOCK = 4096
one_by_one = generic.read_hex_string_from_stream


def read_hex_string(
    stream: BinaryIO,
) -> generic.ByteStringObject | generic.TextStringObject:
    """Read `<…>` from its first bracket; whatever is not plain digits is left to pyHanko."""
    start = stream.tell()
    stream.seek(1, os.SEEK_CUR)
    digits = bytearray()
    while block := stream.read(BLOCK):
        piece, bracket, rest = block.partition(b">")
        plain = piece.translate(None, PDF_WHITESPACE)
        if plain.translate(None, generic.HEX_DIGITS):
            break
        digits += plain
        if bracket:
            stream.seek(-len(rest), os.SEEK_CUR)
            return generic.pdf_string(binascii.unhexlify(digits + b"0" * (len(digits) % 2)))
    stream.seek(start)
    return one_by_one(stream)


def install() -> None:
    """Have pyHanko's reader use this; it looks the function up by its name in the module."""
    generic.read_hex_string_from_stream = read_hex_string
