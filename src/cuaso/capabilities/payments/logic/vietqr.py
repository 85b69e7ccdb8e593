"""The text of a VietQR code: EMVCo merchant-presented QR with NAPAS's own merchant account field.

Source: EMVCo, QR Code Specification for Payment Systems, Merchant-Presented Mode 1.1 (objects,
lengths, CRC by ISO/IEC 13239 over everything up to and with the object's `6304`); NAPAS, format of
VietQR codes for transfers to an account: object 38 = AID A000000727, beneficiary bank and account,
service QRIBFTTA; object 62 = 01 bill number, 08 purpose. Pure text: no database, no picture.
"""

import re
from binascii import crc_hqx
from typing import Final

from cuaso.kernel.errors import Invalid
from cuaso.kernel.text import fold

AID: Final = "A000000727"
TO_ACCOUNT: Final = "QRIBFTTA"
DONG: Final = "704"
LONGEST_PURPOSE: Final = 25
_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,19}")
_START: Final = 0xFFFF


def encode(*, bank_bin: str, account: str, amount_vnd: int, purpose: str, bill: str = "") -> str:
    """Return the text of a dynamic code for one transfer of whole đồng.

    `purpose` is written without marks and cut to 25 letters; banks show it as the transfer's
    content. Raises Invalid (`payments.vietqr_unfit`) for what no bank would read.
    """
    if not _BIN.fullmatch(bank_bin) or not _ACCOUNT.fullmatch(account) or amount_vnd <= 0:
        raise Invalid(
            code="payments.vietqr_unfit",
            what="Không lập được mã VietQR.",
            why="Mã ngân hàng phải có 6 chữ số, số tài khoản có từ 1 đến 19 chữ và số, "
            "số tiền phải lớn hơn 0 đồng.",
            mend="Hãy sửa tài khoản thu của cơ quan trong danh mục.",
        )
    beneficiary = _object("00", bank_bin) + _object("01", account)
    merchant = _object("00", AID) + _object("01", beneficiary) + _object("02", TO_ACCOUNT)
    about = (_object("01", bill) if bill else "") + _object("08", plain(purpose))
    told = "".join(
        (
            _object("00", "01"),
            _object("01", "12"),
            _object("38", merchant),
            _object("53", DONG),
            _object("54", str(amount_vnd)),
            _object("58", "VN"),
            _object("62", about),
            "6304",
        )
    )
    return told + crc(told)


def crc(told: str) -> str:
    """Return CRC-16/CCITT-FALSE as four capital hexadecimal digits: polynomial 1021, start FFFF."""
    return f"{crc_hqx(told.encode('ascii'), _START):04X}"


def plain(purpose: str) -> str:
    """Return a transfer's content as banks take it: letters, digits and blanks, no marks."""
    letters = re.sub(r"[^0-9A-Za-z ]", " ", fold(purpose) if not purpose.isascii() else purpose)
    return " ".join(letters.split())[:LONGEST_PURPOSE].strip()


def _object(id: str, value: str) -> str:
    return f"{id}{len(value):02d}{value}"
