"""Make a record comparable: known columns, one Unicode form, no entities, one kind of line end."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cuaso.kernel.text import nfc
from cuaso.services.catalogue.logic import lettering, markup
from cuaso.services.catalogue.logic.damage import Fault
from cuaso.services.catalogue.logic.raw import CODE, Raw

TITLE: Final = "ten_thu_tuc"
COLUMNS: Final = (
    CODE,
    TITLE,
    "so_quyet_dinh",
    "detail_url",
    "cap_thuc_hien",
    "loai_thu_tuc",
    "linh_vuc",
    "doi_tuong_thuc_hien",
    "trinh_tu_thuc_hien",
    "cach_thuc_thuc_hien",
    "thanh_phan_ho_so",
    "can_cu_phap_ly",
    "yeu_cau_dieu_kien",
    "ket_qua_xu_ly",
    "co_quan_thuc_hien",
    "co_quan_co_tham_quyen",
    "co_quan_duoc_uy_quyen",
    "co_quan_phoi_hop",
    "dia_chi_tiep_nhan",
    "ministry",
)
# Known to the export and of no use here.
PASSED_OVER: Final = frozenset({"formality_id"})
# The national code, alone or with the province's tail ("2.000815.000.00.00.H55").
_CODE: Final = re.compile(r"[0-9]\.[0-9]{6}(?:\.[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2})?")
LONGEST_CELL: Final = 1_000_000
LONGEST_TITLE: Final = 2_000
_ADDRESS: Final = re.compile(r"https://[a-z0-9.\-]+\.gov\.vn/\S*", re.IGNORECASE)
_KEPT_CONTROLS: Final = frozenset("\n\t")
# By Unicode category: spaces of any width, separators of lines, and what is not seen.
_INSTEAD: Final = {"Zs": " ", "Zl": "\n", "Zp": "\n", "Cc": "", "Cf": ""}
_AS_TEXT: Final = "Hãy xuất lại tệp với mọi cột là chữ."
_AS_UNICODE: Final = "Hãy chuyển nội dung sang Unicode (UTF-8) rồi nhập lại."
_WHOLE_PAGE: Final = "Hãy sửa ô này, hoặc xuất lại tệp không kèm mã HTML."


@dataclass(frozen=True, kw_only=True)
class Clean:
    """One record ready to be read: its line, code, columns and the digest of its content."""

    line: int
    code: str
    values: Mapping[str, str]
    sha256: str


def clean(raw: Raw) -> Clean | Fault:
    """Return the record's known columns as text, or what is wrong with it."""
    values: dict[str, str] = {}
    for column in COLUMNS:
        value = raw.values.get(column)
        if value is None:
            continue
        if not isinstance(value, str):
            return _fault(raw, f"cột {column} không phải là chữ.", _AS_TEXT)
        if _is_no_text(value):
            return _fault(raw, f"cột {column} có ký tự không phải văn bản.", _AS_TEXT)
        seen = markup.without(value)
        if seen is None:
            return _fault(raw, f"cột {column} có mã HTML không khép lại.", _WHOLE_PAGE)
        said = _plain(seen)
        if wrong := lettering.fault(said):
            return _fault(raw, f"cột {column} {wrong}", _AS_UNICODE)
        if len(said) > LONGEST_CELL:
            return _fault(raw, f"cột {column} dài hơn một triệu ký tự.", "Hãy kiểm tra bản ghi.")
        if said:
            values[column] = said
    return _checked(raw, values)


def _checked(raw: Raw, values: dict[str, str]) -> Clean | Fault:
    code = values.get(CODE, "")
    if not code:
        return _fault(raw, f"thiếu mã thủ tục (cột {CODE}).", "Hãy bổ sung mã thủ tục.")
    if not _CODE.fullmatch(code):
        mend = (
            "Mã gồm một chữ số, dấu chấm, sáu chữ số, ví dụ 1.001193; bảng tính hay làm mất số 0."
        )
        return _fault(raw, f"mã thủ tục “{code[:60]}” không đúng mẫu.", mend)
    title = values.get(TITLE, "")
    if not title or len(title) > LONGEST_TITLE:
        mend = "Hãy bổ sung hoặc rút ngắn tên thủ tục."
        return _fault(raw, f"thủ tục {code} thiếu tên hoặc tên dài quá 2.000 ký tự.", mend)
    if lettering.lost(title):
        return _fault(raw, f"tên thủ tục {code} có dấu hỏi thay cho chữ đã mất.", _AS_UNICODE)
    if "detail_url" in values and not _ADDRESS.fullmatch(values["detail_url"]):
        # An address outside the state's domains is not shown as a link.
        del values["detail_url"]
    canonical = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return Clean(line=raw.line, code=code, values=values, sha256=digest)


def _fault(raw: Raw, say: str, mend: str) -> Fault:
    return Fault(line=raw.line, say=say, mend=mend)


def _is_no_text(value: str) -> bool:
    return "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value)


def _plain(value: str) -> str:
    """Return one form of the text: one encoding, one kind of space and of line end."""
    said = nfc(value.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    if said.isprintable():
        return said.strip()
    return "".join(_kept(letter) for letter in said).strip()


def _kept(letter: str) -> str:
    """Return what stands for a letter: itself, a plain space or line end, or nothing."""
    if letter in _KEPT_CONTROLS:
        return letter
    kind = unicodedata.category(letter)
    return _INSTEAD.get(kind, letter)
