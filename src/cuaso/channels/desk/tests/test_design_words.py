"""A leader reads what a version declares otherwise: rights, masks, steps, groups, rules."""

from typing import Any

import pytest

from cuaso.capabilities.registries.contracts import DesignDifference
from cuaso.channels.desk.design_words import Words, told

TITLES = {"owner": "Chủ tàu", "gear": "Nghề", "number": "Số đăng ký"}
WORDS = Words(titled=lambda path: TITLES.get(path, path), types={"text": "Chữ, một dòng"})
VIEW = {"may": ["view", "export"], "say": "Cơ quan chủ quản xem sổ.", "roles": ["handler"]}


def sentences(place: str, old: Any, new: Any) -> list[str]:
    return told(
        [DesignDifference(place=place, title="", before="", after="", old=old, new=new)], WORDS
    )


@pytest.mark.parametrize(
    ("place", "old", "new", "lines"),
    [
        (
            "rights",
            [VIEW],
            [
                VIEW,
                {
                    "may": ["view"],
                    "of": "tỉnh",
                    "roles": ["auditor"],
                    "purpose": True,
                    "say": "Thanh tra xem khi nêu mục đích.",
                },
            ],
            [
                (
                    "Thêm quyền: người kiểm tra, thanh tra của mọi cơ quan trong tỉnh được xem,"
                    " mỗi lần xem phải nêu mục đích. Thanh tra xem khi nêu mục đích."
                )
            ],
        ),
        (
            "rights",
            [VIEW],
            None,
            [
                "Sổ thôi có quyền riêng và theo quyền thông thường.",
                (
                    "Thôi quyền: người thẩm tra của cơ quan chủ quản được xem, xuất."
                    " Cơ quan chủ quản xem sổ."
                ),
            ],
        ),
        (
            "rights",
            [VIEW],
            [
                VIEW,
                {
                    "may": ["view"],
                    "of": "bản thân",
                    "person": "owner",
                    "say": "Chủ tàu xem tàu của mình.",
                },
            ],
            [
                "Thêm quyền: người nêu trong ô “Chủ tàu” được xem. Chủ tàu xem tàu của mình.",
            ],
        ),
        (
            "masks.owner",
            None,
            {"show": "last_4", "roles": ["handler"]},
            ["Che ô “Chủ tàu”: chỉ người thẩm tra đọc đủ, người khác chỉ thấy bốn ký tự cuối."],
        ),
        (
            "masks.owner",
            {"roles": ["handler"]},
            None,
            ["Thôi che ô “Chủ tàu”: ai xem được sổ đều đọc đủ."],
        ),
        (
            "statuses",
            {"field": "gear", "start": "new", "moves": {"end": {"title": "Kết thúc", "to": "old"}}},
            {
                "field": "gear",
                "start": "new",
                "moves": {
                    "end": {"title": "Kết thúc", "to": "gone", "roles": ["leader"]},
                    "back": {"title": "Trả lại", "from": ["old"], "to": "new"},
                },
            },
            [
                "Bước “Kết thúc”: sang đổi từ “old” thành “gone”.",
                "Bước “Kết thúc”: vai trò: thêm người ký, phê duyệt.",
                "Thêm bước “Trả lại”: từ “old”, sang “new”.",
            ],
        ),
        (
            "groups.crew",
            {"title": "Thuyền viên", "fields": {"name": {"title": "Họ tên"}}},
            {
                "title": "Thuyền viên",
                "max": 20,
                "fields": {
                    "name": {"title": "Họ tên", "required": False},
                    "job": {"title": "Việc"},
                },
            },
            [
                "Ô “Họ tên” của nhóm “Thuyền viên”: không bắt buộc điền.",
                "Thêm ô “Việc” của nhóm “Thuyền viên”: Chữ, một dòng, bắt buộc điền.",
                "Nhóm “Thuyền viên”: thêm giới hạn trên “20”.",
            ],
        ),
        (
            "rules",
            [{"check": "a < b", "say": "A nhỏ hơn B."}, {"check": "c", "say": "Phải có C."}],
            [{"check": "a <= b", "say": "A nhỏ hơn B."}],
            ["Luật “A nhỏ hơn B.” nay đúng khi “a <= b”.", "Bỏ luật “Phải có C.”."],
        ),
        ("lists", ["default", "old"], ["old", "default"], ["Đổi thứ tự của các danh sách."]),
        ("key", ["number"], ["number", "gear"], ["Khóa của bản ghi: thêm “Nghề”."]),
        ("title", "Tàu cá", "Tàu", ["Tên đổi từ “Tàu cá” thành “Tàu”."]),
        (
            "sharing",
            {"default": "tỉnh"},
            {"default": "mở", "open": ["number", "gear"]},
            ["Mức chia sẻ: mặc định đổi từ “tỉnh” thành “mở”, cột mở: thêm “Số đăng ký”, “Nghề”."],
        ),
        ("fields.gear", {"title": "Nghề"}, None, ["Bỏ ô “Nghề”."]),
    ],
)
def test_a_leader_reads_each_kind_of_difference_in_a_sentence(
    place: str,
    old: Any,
    new: Any,
    lines: list[str],
) -> None:
    assert sentences(place, old, new) == lines
