"""Read a whole record: every column by its reader, what was not read kept and told."""

from collections.abc import Mapping
from typing import Final

from cuaso.services.catalogue.contracts import Content, Reading, Share
from cuaso.services.catalogue.logic.reading import channels, components, laws, lists, results, steps

# Raised whenever a reader changes: a record that was kept before is read again.
VERSION: Final = 1
AGENCIES: Final = {
    "co_quan_thuc_hien": "Cơ quan thực hiện",
    "co_quan_co_tham_quyen": "Cơ quan có thẩm quyền",
    "dia_chi_tiep_nhan": "Nơi tiếp nhận hồ sơ",
    "co_quan_duoc_uy_quyen": "Cơ quan được ủy quyền",
    "co_quan_phoi_hop": "Cơ quan phối hợp",
}


def read(record: Mapping[str, str]) -> Reading:
    """Return what the record says; never raises, whatever the text."""
    levels = lists.read(
        record.get("cap_thuc_hien", ""), known=lists.LEVELS, column="Cấp thực hiện", name="cấp"
    )
    audiences = lists.read(
        record.get("doi_tuong_thuc_hien", ""),
        known=lists.AUDIENCES,
        column="Đối tượng thực hiện",
        name="đối tượng",
    )
    ways = channels.read(record.get("cach_thuc_thuc_hien", ""))
    papers = components.read(record.get("thanh_phan_ho_so", ""))
    legal = laws.read(record.get("can_cu_phap_ly", ""))
    outcome = results.read(record.get("ket_qua_xu_ly", ""))
    ministry, ministry_unread = lists.ministry(record.get("ministry", ""))
    content = Content(
        levels=levels.items,
        audiences=audiences.items,
        steps=steps.read(record.get("trinh_tu_thuc_hien", "")),
        channels=ways.items,
        components=papers.items,
        legal=legal.items,
        results=outcome.items,
        conditions=steps.paragraphs(record.get("yeu_cau_dieu_kien", "")),
        agencies=tuple(
            (name, record[column]) for column, name in AGENCIES.items() if record.get(column)
        ),
        kind=record.get("loai_thu_tuc", ""),
        ministry=ministry,
    )
    parts = (levels, audiences, ways, papers, legal, outcome)
    unread = tuple(miss for part in parts for miss in part.unread) + ministry_unread
    shares: dict[str, Share] = {}
    for part in parts:
        shares.update(part.shares)
    return Reading(content=content, unread=unread, shares=shares)
