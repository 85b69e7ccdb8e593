"""What Python's zipfile and readers of office files raise for one that is cut, damaged or made to
do harm.
"""

import lzma
import struct
import zipfile
import zlib
from typing import Final

BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
# What openpyxl and xlrd raise for a workbook that is no workbook, beside errors of their own.
UNREADABLE: Final = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError,
    OSError, RecursionError, SyntaxError, TypeError, ValueError,
)  # fmt: skip
