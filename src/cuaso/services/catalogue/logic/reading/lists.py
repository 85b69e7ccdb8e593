"""Columns that hold a list from a closed vocabulary: levels, audiences, ministry."""

from collections.abc import Iterable
from typing import Final

from cuaso.services.catalogue.contracts import Share, Unread
from cuaso.services.catalogue.logic.reading.part import Part

LEVELS: Final = ("Cấp bộ", "Cấp tỉnh", "Cấp xã", "Cấp huyện", "Cơ quan khác")
AUDIENCES: Final = (
    "Tổ chức (không bao gồm doanh nghiệp, HTX)",
    "Cán bộ, công chức, viên chức",
    "Doanh nghiệp có vốn đầu tư nước ngoài",
    "Doanh nghiệp Việt Nam",
    "Doanh nghiệp",
    "Công dân Việt Nam",
    "Hợp tác xã",
    "Tổ chức nước ngoài",
    "Tổ chức Đảng",
    "Tổ chức",
    "Người nước ngoài cư trú tại Việt Nam",
    "Người Việt Nam định cư ở nước ngoài",
    "Người nước ngoài",
    "Đảng viên",
    "Cá nhân",
)
MINISTRIES: Final = {
    "bo-cong-an": "Bộ Công an",
    "bo-nong-nghiep-mt": "Bộ Nông nghiệp và Môi trường",
    "bo-tai-chinh": "Bộ Tài chính",
    "bo-tu-phap": "Bộ Tư pháp",
    "bo-xay-dung": "Bộ Xây dựng",
    "ngan-hang-nha-nuoc": "Ngân hàng Nhà nước Việt Nam",
    "toa-an-nhan-dan": "Tòa án nhân dân",
}
_UNKNOWN: Final = "Không có trong danh sách đã biết."


def read(text: str, *, known: Iterable[str], column: str, name: str) -> Part[str]:
    """Read a list joined by ", " whose names may hold commas themselves."""
    rest, found, unread = text.strip(), [], []
    longest_first = sorted(known, key=len, reverse=True)
    while rest:
        item = next((one for one in longest_first if _begins(rest, one)), "")
        if not item:
            item, _comma, _after = rest.partition(",")
            if item.strip():
                unread.append(Unread(column=column, text=item.strip(), reason=_UNKNOWN))
        else:
            found.append(item)
        rest = rest[len(item) :].lstrip(" ,;\n\t")
    share = Share(read=len(found), unread=len(unread))
    return Part(items=tuple(found), unread=tuple(unread), shares={name: share})


def _begins(text: str, item: str) -> bool:
    return text.startswith(item) and text[len(item) : len(item) + 1] in ("", ",", ";", " ", "\n")


def ministry(slug: str) -> tuple[str, tuple[Unread, ...]]:
    """Return the ministry's name; an unknown short name stays as it is and is told."""
    if not slug or slug in MINISTRIES:
        return MINISTRIES.get(slug, ""), ()
    return slug, (Unread(column="Bộ, ngành", text=slug, reason=_UNKNOWN),)
