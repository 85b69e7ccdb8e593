"""One record of an export as it stands, whatever the file's form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cuaso.kernel import text

CODE: Final = "ma_thu_tuc"
MOST_RECORDS: Final = 200_000


# How the national portal's page and offices' own lists head the same columns.
_ALSO: Final = {
    "ma_tthc": CODE,
    "ma_so_tthc": CODE,
    "ma_so_thu_tuc": CODE,
    "ma_thu_tuc_hanh_chinh": CODE,
    "ten_tthc": "ten_thu_tuc",
    "ten_thu_tuc_hanh_chinh": "ten_thu_tuc",
    "quyet_dinh_cong_bo": "so_quyet_dinh",
    "so_quyet_dinh_cong_bo": "so_quyet_dinh",
    "loai_tthc": "loai_thu_tuc",
    "linh_vuc_thuc_hien": "linh_vuc",
    "doi_tuong": "doi_tuong_thuc_hien",
    "yeu_cau_dieu_kien_thuc_hien": "yeu_cau_dieu_kien",
    "ket_qua": "ket_qua_xu_ly",
    "ket_qua_thuc_hien": "ket_qua_xu_ly",
    "dia_chi_tiep_nhan_hs": "dia_chi_tiep_nhan",
    "dia_chi_tiep_nhan_ho_so": "dia_chi_tiep_nhan",
    "co_quan_phoi_hop_thuc_hien": "co_quan_phoi_hop",
}
_WORD: Final = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=1_000)
def column_of(heading: str) -> str:
    """Return a heading by the export's own name: "Mã thủ tục (*):" is called `ma_thu_tuc`."""
    name = "_".join(_WORD.findall(text.fold(heading)))
    return _ALSO.get(name, name)


@dataclass(frozen=True, kw_only=True)
class Raw:
    """One record: the line where it begins and its columns."""

    line: int
    values: Mapping[str, object]
