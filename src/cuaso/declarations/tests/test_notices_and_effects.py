"""An author declares notices, effects and feeds: what is taken, and what is said of the rest."""

from typing import Any

import pytest
from pydantic import ValidationError

from cuaso.declarations.packs.effect_proof import effect_faults
from cuaso.declarations.packs.feed_proof import feed_faults
from cuaso.declarations.packs.notice_proof import notice_faults
from cuaso.declarations.registries import Registry

BOOK = {
    "title": "Sổ sách",
    "owner": "so-noi-vu",
    "legal": [{"source": "Dữ liệu thử"}],
    "key": ["code"],
    "fields": {
        "code": {"title": "Mã"},
        "shelf": {"title": "Kệ"},
        "state": {"title": "Trạng thái", "codes": "state"},
    },
    "lists": {"default": {"columns": ["code"]}},
}
LOAN: dict[str, Any] = {
    **BOOK,
    "title": "Sổ mượn",
    "fields": {
        "code": {"title": "Mã"},
        "book": {"title": "Sách", "to": "book"},
        "reader": {"title": "Số định danh", "number": "personal", "type": "code"},
        "out": {"title": "Ngày mượn", "type": "date"},
        "due": {"title": "Hạn trả", "type": "date"},
        "told": {"title": "Ngày nhắc", "type": "date"},
        "times": {"title": "Số lần", "type": "integer"},
        "state": {"title": "Trạng thái", "codes": "state"},
    },
    "groups": {"copies": {"title": "Bản", "fields": {"book": {"title": "Sách", "to": "book"}}}},
}
SAY = "Sách quá hạn trả ngày {due}."
LATE: dict[str, Any] = {"title": "Quá hạn", "say": SAY, "where": {"due": "before today"}}
TWICE = {"in": "loan", "same": {"book": "book"}, "days": ["out", "due"]}
REMIND = {"day": "told", "times": "times", "every": "7 ngày", "person": "reader"}
BACK: dict[str, Any] = {"in": "book", "record": "book", "values": {"shelf": "'A1'"}}


def noticed(**keys: object) -> list[tuple[tuple[object, ...], str]]:
    whole = Registry.model_validate({**LOAN, "notices": {"late": {**LATE, **keys}}})
    known = {"house/loan": whole, "house/book": Registry.model_validate(BOOK)}
    found = notice_faults(whole, pack="house", registries=known)
    return [(place, what) for place, what, mend in found if mend]


def written(*, owner: str = "so-noi-vu", **keys: object) -> list[tuple[tuple[object, ...], str]]:
    whole = Registry.model_validate({**LOAN, "does": [{**BACK, **keys}]})
    book = Registry.model_validate({**BOOK, "owner": owner})
    known = {"house/loan": whole, "house/book": book}
    found = effect_faults(whole, pack="house", registries=known)
    return [(place, what) for place, what, mend in found if mend]


def test_an_author_uses_every_word_of_a_notice_and_of_an_effect_rightly():
    assert noticed(remind=REMIND, beside=TWICE) == []
    assert noticed(beside={**TWICE, "same": {"copies.book": "book", "book": "copies.book"}}) == []
    assert noticed(beside={"in": "loan", "same": {"book": "book"}, "fewer": 2}) == []
    assert written() == []
    assert written(each="copies", record="item.book", when="item.book != ''") == []
    assert written(values={"shelf": "book.shelf", "code": "code", "state": "'kept'"}) == []


@pytest.mark.parametrize(
    ("keys", "place", "what"),
    [
        ({"say": "Quá hạn {deu}."}, ("say",), "Sổ không có ô “deu”."),
        ({"at": "deu"}, ("at",), "Sổ không có ô “deu”."),
        ({"where": {"deu": "before today"}}, ("where", "deu"), "Sổ không có ô “deu”."),
        (
            {"where": {"due": "soon"}},
            ("where", "due"),
            "“soon” không phải điều kiện của một ô ngày.",
        ),
        ({"remind": {**REMIND, "day": "times"}}, ("remind", "day"), "không ghi được lần nhắc"),
        ({"remind": {**REMIND, "person": "redaer"}}, ("remind", "person"), "“redaer”"),
        ({"beside": {**TWICE, "in": "laon"}}, ("beside", "in"), "Không có sổ nào tên “laon”."),
        (
            {"beside": {**TWICE, "same": {"bok": "book"}}},
            ("beside", "same", "bok"),
            "Sổ kia không có ô “bok” để so.",
        ),
        (
            {"beside": {**TWICE, "days": ["out", "times"]}},
            ("beside", "days", 1),
            "Ô “times” không phải một ngày.",
        ),
    ],
)
def test_an_author_names_something_wrong_in_a_notice_and_reads_where(keys, place, what):
    found = noticed(**keys)
    assert found[0][0] == ("notices", "late", *place)
    assert what in found[0][1]


@pytest.mark.parametrize(
    ("keys", "place", "what"),
    [
        ({"in": "bok"}, ("in",), "Không có sổ nào tên “bok”."),
        ({"owner": "so-y-te"}, ("in",), "Sổ “Sổ sách” thuộc cơ quan khác nên không ghi sang được."),
        ({"record": "due"}, ("record",), "Ô “due” không chỉ một bản ghi của sổ khác."),
        ({"each": "copis"}, ("each",), "Sổ không có nhóm “copis”."),
        ({"when": "bok == ''"}, ("when",), "Không có tên nào là “bok”."),
        ({"values": {"shlef": "'A1'"}}, ("values", "shlef"), "không có ô “shlef”"),
        ({"values": {"shelf": "book.shlef"}}, ("values", "shelf"), "Không đọc được “book.shlef”."),
        ({"where": {"sate": "new"}}, ("where", "sate"), "không có ô “sate”"),
    ],
)
def test_an_author_names_something_wrong_in_an_effect_and_reads_where(keys, place, what):
    found = written(**keys)
    assert found[0][0] == ("does", 0, *place)
    assert what in found[0][1]


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("notices", {"late": {"title": "Quá hạn", "say": SAY}}, "Lời nhắc chưa nêu khi nào."),
        ("notices", {"late": {**LATE, "say": "Sách quá hạn"}}, "“say” chưa phải một câu trọn vẹn."),
        ("notices", {"late": {**LATE, "remind": {**REMIND, "every": "1 tháng"}}}, "tính bằng ngày"),
        ("does", [{"in": "book", "values": {"shelf": "'A1'"}}], "cần đúng một cách tìm bản ghi"),
        ("does", [{**BACK, "add": "yes"}], "cần đúng một cách tìm bản ghi"),
    ],
)
def test_an_author_leaves_half_of_it_out_and_reads_what_is_missing(key, value, what):
    with pytest.raises(ValidationError) as refused:
        Registry.model_validate({**LOAN, key: value})
    assert what in str(refused.value.errors()[0]["ctx"]["what"])


def test_an_author_feeds_the_directory_from_fields_that_are_not_there():
    organisations = {"code": "code", "name": "nmae", "kind": "state", "parent": "due"}
    feeds = {"organisations": {**organisations, "since": "out", "until": "due"}}
    whole = Registry.model_validate({**LOAN, "feeds": feeds})
    assert [(place, what) for place, what, _ in feed_faults(whole)] == [
        (("feeds", "organisations", "name"), "Sổ không có ô “nmae”."),
        (("feeds", "organisations", "parent"), "Ô “due” không phải ô kiểu reference."),
    ]
