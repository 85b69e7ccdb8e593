"""An author says which invented answers belong together: what is taken, and what is refused."""

import pytest

from cuaso.declarations.packs.sample_proof import sample_faults
from cuaso.declarations.registries import Registry
from cuaso.declarations.sampling import read_by

PLAIN = {
    "title": "Sổ thử",
    "owner": "so-noi-vu",
    "legal": [{"source": "Dữ liệu thử"}],
    "key": ["code"],
    "fields": {
        "code": {"title": "Mã"},
        "name": {"title": "Tên"},
        "state": {"title": "Trạng thái", "codes": "state"},
        "begun_on": {"title": "Ngày bắt đầu", "type": "date"},
        "school": {"title": "Trường", "to": "school"},
        "late": {"title": "Trễ", "is": "begun_on < today", "as": "yes_no"},
    },
    "groups": {"members": {"title": "Thành viên", "fields": {"name": {"title": "Tên"}}}},
    "lists": {"default": {"columns": ["code"]}},
}


def faults(**samples: list[dict[str, object]]) -> list[tuple[tuple[object, ...], str]]:
    registry = Registry.model_validate(PLAIN | {"samples": samples})
    found = sample_faults(registry, codes={"state": {"open", "closed"}})
    return [(place, what) for place, what, _ in found]


def test_lines_of_answers_that_follow_from_one_another_are_taken() -> None:
    assert not faults(
        about=[{"name": "Lớp {code}", "state": ["open", "closed"]}, {"name": "Khác"}],
        days=[{"begun_on": "school.opened_on + 1-30 ngày", "code": "{school.code}"}],
        members=[{"name": ["An", "Bình"]}],
    )


@pytest.mark.parametrize(
    ("samples", "place", "what"),
    [
        (
            {"about": [{"nam": "An"}]},
            ("samples", "about", 0, "nam"),
            "Không có ô “nam” để điền mẫu.",
        ),
        (
            {"about": [{"late": "yes"}]},
            ("samples", "about", 0, "late"),
            "Không có ô “late” để điền mẫu.",
        ),
        (
            {"about": [{"state": "opened"}]},
            ("samples", "about", 0, "state"),
            "Danh mục “state” không có mã “opened”.",
        ),
        (
            {"about": [{"begun_on": "ended_on + 1 năm"}]},
            ("samples", "about", 0, "begun_on"),
            "Không có ô “ended_on”.",
        ),
        (
            {"about": [{"name": "Lớp {room}"}]},
            ("samples", "about", 0, "name"),
            "Không có ô “room”.",
        ),
        (
            {"members": [{"code": "1"}]},
            ("samples", "members", 0, "code"),
            "Không có ô “code” để điền mẫu.",
        ),
        (
            {"about": [{"name": "An"}], "days": [{"name": "Bình"}]},
            ("samples", "days", 0, "name"),
            "Ô “name” đã có trong bảng mẫu “about”.",
        ),
    ],
)
def test_an_author_is_told_what_leads_nowhere(
    samples: dict[str, list[dict[str, object]]], place: tuple[object, ...], what: str
) -> None:
    assert faults(**samples) == [(place, what)]


def test_a_value_says_what_it_follows_from() -> None:
    assert read_by("signed_on + 5-30 ngày") == ("signed_on",)
    assert read_by("today - 2 năm") == ()
    assert read_by("80-98% budget_vnd") == ("budget_vnd",)
    assert read_by("Hội {field}, {commune}") == ("field", "commune")
    assert read_by("Hội Làm vườn") == ()
