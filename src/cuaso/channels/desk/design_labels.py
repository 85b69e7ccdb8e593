"""How the pieces of a declared registry are called in a sentence."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from cuaso.foundation.access.api import ROLES


def nouns() -> Mapping[str, tuple[str, str]]:
    """Return what one piece of a kind is called, and what all of them are."""
    return {
        "fields": (_("ô"), _("các ô")),
        "groups": (_("nhóm"), _("các nhóm")),
        "parts": (_("phần của biểu mẫu"), _("các phần của biểu mẫu")),
        "lists": (_("danh sách"), _("các danh sách")),
        "maps": (_("bản đồ"), _("các bản đồ")),
        "calendars": (_("lịch"), _("các lịch")),
        "figures": (_("con số"), _("các con số")),
        "prints": (_("sổ in"), _("các sổ in")),
        "papers": (_("giấy in từ bản ghi"), _("các giấy in từ bản ghi")),
        "notices": (_("lời nhắc"), _("các lời nhắc")),
        "masks": (_("ô được che"), _("các ô được che")),
    }


def labels() -> Mapping[str, str]:
    """Return what the keys of a declaration are called."""
    return {
        "title": _("tên"),
        "title_en": _("tên tiếng Anh"),
        "item": _("tên một bản ghi"),
        "item_en": _("tên một bản ghi, tiếng Anh"),
        "about": _("lời giới thiệu"),
        "about_en": _("lời giới thiệu, tiếng Anh"),
        "owner": _("cơ quan chủ quản"),
        "sharing": _("mức chia sẻ"),
        "default": _("mặc định"),
        "open": _("cột mở"),
        "period": _("kỳ công bố"),
        "legal": _("căn cứ pháp lý"),
        "source": _("căn cứ"),
        "retention": _("thời hạn lưu"),
        "keep": _("lưu"),
        "bin": _("ở thùng rác"),
        "key": _("khóa của bản ghi"),
        "unique": _("các ô không được trùng"),
        "name": _("cách gọi một bản ghi"),
        "place": _("ô xã, phường của nơi giữ bản ghi"),
        "search": _("ô được tìm bằng chữ"),
        "systems": _("hệ thống"),
        "type": _("kiểu"),
        "hint": _("lời gợi ý"),
        "hint_en": _("lời gợi ý, tiếng Anh"),
        "when": _("chỉ khi"),
        "required": _("bắt buộc"),
        "codes": _("danh mục"),
        "to": _("sang"),
        "unit": _("đơn vị đo"),
        "min": _("giới hạn dưới"),
        "max": _("giới hạn trên"),
        "min_length": _("số chữ ít nhất"),
        "max_length": _("số chữ nhiều nhất"),
        "digits": _("số chữ số thập phân"),
        "pattern": _("mẫu của mã"),
        "pattern_say": _("câu nói khi gõ sai mẫu"),
        "not_before": _("không trước ngày"),
        "not_after": _("không sau ngày"),
        "is": _("công thức"),
        "as": _("kiểu của kết quả"),
        "level": _("cấp địa bàn"),
        "accept": _("loại tệp nhận"),
        "examples": _("câu trả lời mẫu"),
        "element": _("phần tử của từ điển"),
        "from": _("từ"),
        "columns": _("cột"),
        "sort": _("thứ tự xếp"),
        "filters": _("ô lọc nhanh"),
        "where": _("chỉ bản ghi có"),
        "fields": _("các ô"),
        "by": _("chia theo"),
        "sum": _("tổng của"),
        "average": _("trung bình của"),
        "day": _("ngày theo ô"),
        "colour": _("màu theo ô"),
        "at": _("ở ô"),
        "say": _("câu nói"),
        "roles": _("vai trò"),
        "field": _("ô"),
        "start": _("bắt đầu ở"),
        "asks": _("ô phải điền"),
        "needs_reason": _("phải ghi lý do"),
        "does": _("việc ghi sang sổ khác"),
        "workflow": _("đường đi của bản ghi"),
        "feeds": _("phần danh bạ lấy từ sổ"),
        "verify": _("tra cứu để xác minh"),
        "signer": _("người ký"),
    }


def acts_of(names: Iterable[str]) -> list[str]:
    """Return acts of a right as verbs."""
    said = {
        "view": _("xem"),
        "add": _("thêm"),
        "change": _("sửa"),
        "remove": _("xóa"),
        "import": _("nhập từ bảng tính"),
        "export": _("xuất"),
        "design": _("thiết kế sổ"),
    }
    return [said.get(name, name) for name in names]


def roles_of(names: Iterable[str]) -> str:
    """Return roles as people call who holds them."""
    return ", ".join(_("người %(role)s") % {"role": _(ROLES.get(one, one))} for one in names)


def whose(of: str, who: str) -> str:
    """Return whose officials a right is for, narrowed to roles where it names some."""
    given = {"who": who or _("cán bộ")}
    if of == "nơi giữ":
        return _("%(who)s của cơ quan giữ bản ghi") % given
    if of == "tỉnh":
        return _("%(who)s của mọi cơ quan trong tỉnh") % given
    return _("%(who)s của cơ quan chủ quản") % given
