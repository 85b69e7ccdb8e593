"""An author writes a registry: what the language takes, and the sentence for what it does not."""

from datetime import date
from typing import Any

import pytest

from cuaso.declarations.conditions import condition_of
from cuaso.declarations.fields import Context, Field, Wrong, type_of
from cuaso.declarations.packs.registry_proof import registry_faults
from cuaso.declarations.registries import Registry

TODAY = date(2026, 11, 26)
PLAIN = {
    "title": "Sổ thử",
    "owner": "so-noi-vu",
    "legal": [{"source": "Dữ liệu thử"}],
    "key": ["code"],
    "fields": {
        "code": {"title": "Mã"},
        "head": {"title": "Người đứng đầu", "type": "person"},
        "year": {"title": "Năm", "type": "integer"},
        "note": {"title": "Ghi chú", "type": "long_text"},
        "due": {"title": "Hạn", "type": "date"},
        "open": {"title": "Còn mở", "type": "yes_no"},
        "state": {"title": "Trạng thái", "codes": "state"},
        "age": {"title": "Tuổi", "is": "years_between(due, today)", "as": "integer"},
    },
    "groups": {
        "members": {
            "title": "Thành viên",
            "fields": {"name": {"title": "Tên"}, "who": {"title": "Người", "type": "person"}},
        }
    },
    "statuses": {
        "field": "state",
        "start": "new",
        "moves": {"close": {"title": "Đóng", "from": "new", "to": "closed"}},
    },
    "lists": {"default": {"columns": ["code"]}},
}


def faults(**keys: object) -> list[tuple[tuple[object, ...], str]]:
    found = registry_faults(
        Registry.model_validate({**PLAIN, **keys}),
        codes=frozenset({"state"}),
        registries=frozenset(),
    )
    return [(place, what) for place, what, mend in found if mend]


def moving(**keys: object) -> dict[str, object]:
    move = {"title": "Đóng", "from": "new", "to": "closed", **keys}
    return {"statuses": {**PLAIN["statuses"], "moves": {"close": move}}}  # type: ignore[dict-item]


def listed(**where: object) -> dict[str, object]:
    return {"lists": {"default": {"columns": ["code"], "where": where}}}


def test_an_author_uses_every_new_word_rightly():
    assert faults(unique=[["head.personal_number", "year"], "year"]) == []
    assert faults(**moving(asks=["due", "head"], when="due <= today")) == []
    assert faults(masks={"members.name": {"roles": ["leader"]}}) == []
    assert faults(masks={"members.who.personal_number": {"roles": ["leader"]}}) == []
    where = {"due": "within 30 ngày", "open": "no", "state": ["not closed"]}
    assert faults(**listed(**where)) == []


@pytest.mark.parametrize(
    ("keys", "place", "what"),
    [
        ({"unique": [["code", "yaer"]]}, ("unique", 0, 1), "Sổ không có ô “yaer”."),
        (
            {"unique": [["head", "year"]]},
            ("unique", 0, 0),
            "Ô “head” không dùng để tránh trùng được.",
        ),
        ({"unique": ["note"]}, ("unique", 0, 0), "Ô “note” không dùng để tránh trùng được."),
        (
            {"masks": {"members.nmae": {"roles": ["leader"]}}},
            ("masks", "members.nmae"),
            "Sổ không có ô “members.nmae”.",
        ),
        (
            {"masks": {"head.full_name.first": {"roles": ["leader"]}}},
            ("masks", "head.full_name.first"),
            "Sổ không có ô “head.full_name.first”.",
        ),
        (
            moving(asks=["deu"]),
            ("statuses", "moves", "close", "asks", 0),
            "Sổ không có ô “deu”.",
        ),
        (
            moving(asks=["age"]),
            ("statuses", "moves", "close", "asks", 0),
            "Bước “Đóng” không hỏi ô “age” được.",
        ),
        (
            moving(asks=["state"]),
            ("statuses", "moves", "close", "asks", 0),
            "Bước “Đóng” không hỏi ô “state” được.",
        ),
        (
            {**moving(asks=["due"], roles=["handler"]), "masks": {"due": {"roles": ["leader"]}}},
            ("statuses", "moves", "close", "asks", 0),
            "Bước “Đóng” hỏi ô “due” mà có người làm bước này bị che ô đó.",
        ),
        (
            listed(due="trong 30 ngày"),
            ("lists", "default", "where", "due"),
            "“trong 30 ngày” không phải điều kiện của một ô ngày.",
        ),
        (
            listed(open=["maybe"]),
            ("lists", "default", "where", "open"),
            "“maybe” không phải điều kiện của một ô có hay không.",
        ),
        (
            listed(state=["new", "not closed"]),
            ("lists", "default", "where", "state"),
            "Một điều kiện vừa nêu mã phải có vừa nêu mã phải tránh.",
        ),
        (
            {
                "rights": [
                    {"may": ["view"], "where": {"due": "after today"}, "say": "Được xem sổ này."}
                ]
            },
            ("rights", 0, "where", "due"),
            "Quyền không lọc ô “due” theo cách này được.",
        ),
    ],
)
def test_an_author_writes_a_word_wrongly_and_is_told_where(keys, place, what):
    assert faults(**keys) == [(place, what)]


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("within 30 ngày", (TODAY, date(2026, 12, 26))),
        ("within 3 tháng", (TODAY, date(2027, 2, 26))),
        ("within 1 năm", (TODAY, date(2027, 11, 26))),
        ("before today", (None, date(2026, 11, 25))),
        ("after today", (date(2026, 11, 27), None)),
    ],
)
def test_words_of_a_day_are_counted_from_today(words, days):
    due = Registry.model_validate(PLAIN).fields["due"]
    assert condition_of(due, (words,)).days(TODAY) == days


def test_an_officer_of_foreign_affairs_types_a_place_abroad_where_the_field_takes_it():
    here = Context(today=TODAY)
    abroad = Field.model_validate({"title": "Nơi ký", "type": "point", "anywhere": "yes"})
    at_home = Field.model_validate({"title": "Nơi ký", "type": "point"})
    geneva = "46,2044; 6,1432"
    taken: Any = type_of(abroad).parse(abroad, geneva, here)
    assert taken.shape.positions == ((6.1432, 46.2044),)
    with pytest.raises(Wrong, match="nằm ngoài lãnh thổ Việt Nam"):
        type_of(at_home).parse(at_home, geneva, here)
    with pytest.raises(Wrong, match="nằm ngoài phạm vi vĩ độ -90 đến 90"):
        type_of(abroad).parse(abroad, "95; 6,1432", here)
