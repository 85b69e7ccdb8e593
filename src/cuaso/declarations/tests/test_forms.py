"""A citizen sends a form: typed answers come out, or every field that must be mended."""

import contextlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuaso.declarations.codes import CodeLine, CodeList, PackLists
from cuaso.declarations.fields import Context, Option
from cuaso.declarations.forms import Form, flatten
from cuaso.declarations.forms.examine import examine
from cuaso.kernel.errors import Invalid

SEX = CodeList(
    id="sex",
    title="Giới tính",
    title_en="Sex",
    source="",
    lines=(
        CodeLine("male", "Nam", "Male", None, None, "", unverified=False),
        CodeLine("female", "Nữ", "Female", None, None, "", unverified=False),
    ),
)
QUY_NHON = Option(code="21583", label="Phường Quy Nhơn")
LISTS = PackLists({"sex": SEX}, places={"commune": (QUY_NHON,)})
CONTEXT = Context(today=date(2026, 11, 24), lists=LISTS, names={"channel": "online"})

FORM = Form.model_validate(
    {
        "sections": {
            "home": {
                "title": "Nơi ở",
                "fields": {
                    "residence": {
                        "title": "Nơi cư trú",
                        "type": "address",
                        "from": "population.residence",
                    },
                    "mail": {
                        "title": "Nơi nhận thư",
                        "type": "address",
                        "same_as": "home.residence",
                        "required": "no",
                    },
                },
            },
            "child": {
                "title": "Trẻ",
                "title_en": "Child",
                "fields": {
                    "name": {
                        "title": "Họ tên",
                        "title_en": "Name",
                        "normalise": "name",
                        "from": "population.full_name",
                    },
                    "birth_date": {
                        "title": "Ngày sinh",
                        "type": "date",
                        "not_after": "today",
                        "from": "population.birth_date",
                    },
                    "sex": {"title": "Giới tính", "codes": "sex"},
                    "died": {"title": "Đã mất", "type": "yes_no", "default": "no"},
                    "death_date": {"title": "Ngày mất", "type": "date", "when": "child.died"},
                    "weight": {
                        "title": "Cân nặng",
                        "type": "decimal",
                        "unit": "kg",
                        "required": "child.died",
                    },
                },
                "rules": [
                    {
                        "check": "child.death_date >= child.birth_date",
                        "say": "Ngày mất không được trước ngày sinh.",
                        "say_en": "Death cannot precede birth.",
                        "at": "death_date",
                    }
                ],
            },
            "papers": {
                "title": "Giấy tờ",
                "repeat": {"min": "1", "max": "3", "item": "Giấy"},
                "fields": {
                    "pages": {"title": "Số trang", "type": "integer", "min": "1"},
                    "foreign": {"title": "Nước ngoài", "type": "yes_no", "required": "no"},
                    "country": {"title": "Nước", "when": "item.foreign"},
                },
                "rules": [
                    {"check": "item.pages <= 5", "say": "Mỗi giấy nhiều nhất 5 trang."},
                ],
            },
        }
    }
)
GOOD = {
    "home.residence.commune": "21583",
    "home.residence.street": "12 Nguyễn Huệ",
    "child.name": "NGUYỄN VĂN AN",
    "child.birth_date": "30/11/2025",
    "child.sex": "nam",
    "child.died": "no",
    "papers.0.pages": "2",
}


def problems(changed: dict[str, str], *, strict: bool = False) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        FORM.clean(GOOD | changed, CONTEXT, strict=strict)
    assert caught.value.code == "forms.invalid"
    return {problem.field: problem.say for problem in caught.value.problems}


def test_a_good_form_comes_out_typed_storable_and_readable():
    cleaned = FORM.clean(GOOD, CONTEXT)
    assert cleaned.get("child.birth_date") == date(2025, 11, 30)
    assert cleaned.get("papers.0.pages") == 2
    assert cleaned.get("papers.7.pages") is None
    assert cleaned.stored["child"] == {
        "name": "Nguyễn Văn An",
        "birth_date": "2025-11-30",
        "sex": "male",
        "died": False,
        "death_date": None,
        "weight": None,
    }
    assert FORM.load(json.loads(json.dumps(cleaned.stored))).values == cleaned.values
    assert FORM.clean(FORM.edit(cleaned), CONTEXT).values == cleaned.values
    shown = FORM.show(cleaned, CONTEXT)
    assert shown[0].lines == (("Nơi cư trú", "12 Nguyễn Huệ, Phường Quy Nhơn"),)
    assert shown[1].lines[0] == ("Họ tên", "Nguyễn Văn An")
    assert (shown[2].id, shown[2].title) == ("papers.0", "Giấy 1")
    texts = FORM.texts(cleaned, CONTEXT)
    assert texts["home"]["residence"] == "12 Nguyễn Huệ, Phường Quy Nhơn"
    assert texts["child"]["sex"] == "Nam"
    assert texts["child"]["death_date"] == ""
    assert texts["papers"] == [{"pages": "2", "foreign": "", "country": ""}]


def test_an_empty_form_says_what_is_missing_in_the_order_of_the_form():
    with pytest.raises(Invalid) as caught:
        FORM.clean({}, CONTEXT)
    assert [(problem.field, problem.say) for problem in caught.value.problems] == [
        ("home.residence.commune", "Chưa chọn “Xã, phường”."),
        ("child.name", "Chưa nhập “Họ tên”."),
        ("child.birth_date", "Chưa nhập “Ngày sinh”."),
        ("child.sex", "Chưa chọn “Giới tính”."),
        ("child.died", "Chưa chọn “Đã mất”."),
        ("papers", "Giấy tờ cần ít nhất 1 giấy."),
    ]
    assert caught.value.what == "Tờ khai còn 6 chỗ cần sửa."


def test_a_day_that_does_not_exist_is_said_at_its_field():
    assert problems({"child.birth_date": "31/11/2025"}) == {
        "child.birth_date": "Ngày sinh đang là ngày 31/11, tháng 11 chỉ có 30 ngày."
    }


def test_a_hidden_answer_is_neither_asked_nor_kept():
    cleaned = FORM.clean(GOOD | {"child.death_date": "hôm qua"}, CONTEXT)
    assert cleaned.get("child.death_date") is None
    assert problems({"child.died": "yes"}) == {
        "child.death_date": "Chưa nhập “Ngày mất”.",
        "child.weight": "Chưa nhập “Cân nặng”.",
    }


def test_a_rule_is_said_where_it_points_and_not_while_its_field_is_wrong():
    died = {"child.died": "yes", "child.weight": "2,5"}
    assert problems(died | {"child.death_date": "29/11/2025"}) == {
        "child.death_date": "Ngày mất không được trước ngày sinh."
    }
    assert list(problems(died | {"child.death_date": "31/11/2025"})) == ["child.death_date"]
    assert list(problems(died | {"child.death_date": "1/12/2025", "child.birth_date": "x"})) == [
        "child.birth_date"
    ]
    kept = FORM.clean(GOOD | died | {"child.death_date": "30/11/2025"}, CONTEXT)
    assert kept.get("child.weight") == Decimal("2.5")


def test_rows_are_renumbered_and_their_mistakes_carry_the_new_number():
    rows = {"papers.0.pages": "", "papers.4.pages": "9", "papers.9.pages": "1"}
    assert problems(rows) == {
        "papers.0.pages": "Chưa nhập “Số trang”.",
        "papers.1.pages": "Mỗi giấy nhiều nhất 5 trang.",
    }
    assert FORM.draft(GOOD | rows)["papers.2.pages"] == "1"


def test_a_condition_inside_a_row_reads_that_row():
    rows = {"papers.0.foreign": "yes", "papers.1.pages": "1", "papers.1.foreign": "no"}
    assert problems(rows) == {"papers.0.country": "Chưa nhập “Nước”."}


def test_more_rows_than_allowed_are_refused():
    rows = {f"papers.{number}.pages": "1" for number in range(9)}
    assert problems(rows) == {"papers": "Giấy tờ chỉ nhận nhiều nhất 3 dòng."}


def test_a_ticked_same_as_copies_the_other_address():
    cleaned = FORM.clean(GOOD | {"home.mail.same": "on", "home.mail.street": "bỏ"}, CONTEXT)
    assert cleaned.get("home.mail") == {"commune": "21583", "street": "12 Nguyễn Huệ"}
    alone = FORM.clean(GOOD, CONTEXT)
    assert alone.get("home.mail") == {"commune": None, "street": None}


def test_an_optional_address_once_begun_must_be_whole():
    assert problems({"home.mail.street": "5 Lê Lợi"}) == {
        "home.mail.commune": "Chưa chọn “Xã, phường”."
    }


def test_the_api_is_told_of_paths_that_the_form_does_not_have():
    assert problems({"child.nam": "An"}, strict=True) == {
        "child.nam": "Không có ô nào tên “child.nam”. Có phải định viết “child.name”?"
    }
    assert FORM.clean(GOOD | {"csrf": "x"}, CONTEXT).get("child.sex") == "male"


def test_nested_json_is_the_same_input():
    nested = {
        "home": {"residence": {"commune": "21583", "street": None}},
        "child": {"name": "An", "birth_date": "2025-11-30", "sex": "male", "died": True}
        | {"death_date": "2025-12-01", "weight": 2.5},
        "papers": [{"pages": 2, "foreign": False}],
    }
    cleaned = FORM.clean(flatten(nested), CONTEXT, strict=True)
    assert cleaned.get("child.weight") == Decimal("2.5")
    assert cleaned.get("papers.0.foreign") is False


def test_what_a_source_knows_is_filled_in_with_its_origin():
    filled = FORM.prefill(
        {
            "population": {
                "full_name": "Lê Thị Mai",
                "birth_date": date(1990, 3, 12),
                "residence": {"commune": "21583", "street": "12 Nguyễn Huệ"},
            }
        }
    )
    assert filled.values == {
        "home.residence.commune": "21583",
        "home.residence.street": "12 Nguyễn Huệ",
        "child.name": "Lê Thị Mai",
        "child.birth_date": "12/03/1990",
    }
    assert filled.origins["child.name"] == "population.full_name"


def test_a_page_draws_the_form_from_plain_values():
    refused = {"child.birth_date": "31/11/2025"}
    with pytest.raises(Invalid) as caught:
        FORM.clean(GOOD | refused, CONTEXT)
    view = FORM.describe(
        GOOD | refused,
        CONTEXT,
        problems=caught.value.problems,
        origins={"child.name": "population.full_name"},
    )
    assert view.errors == (
        ("child.birth_date", "Ngày sinh đang là ngày 31/11, tháng 11 chỉ có 30 ngày."),
    )
    home, child, papers = view.sections
    fields = {one.id: one for one in child.rows[0].fields}
    assert fields["birth_date"].value == "31/11/2025"
    assert fields["birth_date"].error.startswith("Ngày sinh đang là")
    assert fields["name"].source == "Họ tên trong CSDL quốc gia về dân cư"
    assert [option.code for option in fields["sex"].options] == ["male", "female"]
    assert (fields["death_date"].visible, fields["weight"].required) == (False, False)
    assert [part.path for part in home.rows[0].fields[0].parts] == [
        "home.residence.commune",
        "home.residence.street",
    ]
    assert home.rows[0].fields[1].same_title == "Nơi cư trú"
    assert (papers.repeated, papers.can_add, papers.can_remove) == (True, True, False)


def test_an_english_reader_gets_english_where_it_is_written():
    english = Context(today=CONTEXT.today, lists=LISTS, language="en")
    child = FORM.describe({}, english).sections[1]
    assert (child.title, child.rows[0].fields[0].title) == ("Child", "Name")
    died = {"child.died": "yes", "child.weight": "2", "child.death_date": "1/1/2020"}
    with pytest.raises(Invalid) as caught:
        FORM.clean(GOOD | died, english)
    assert caught.value.problems[0].say == "Death cannot precede birth."


def test_a_fresh_form_has_its_defaults_and_its_least_rows():
    assert FORM.empty() == {"child.died": "no"}
    assert len(FORM.describe(FORM.empty(), CONTEXT).sections[2].rows) == 1


def test_the_json_schema_describes_what_is_stored():
    schema = FORM.json_schema(title="Tờ khai")
    child = schema["properties"]["child"]
    assert child["required"] == ["name", "birth_date", "sex", "died"]
    assert child["properties"]["sex"]["x-codes"] == "sex"
    assert child["properties"]["death_date"]["x-when"] == "child.died"
    assert schema["properties"]["papers"]["maxItems"] == 3
    assert schema["additionalProperties"] is False


class CountedLists(PackLists):
    """The same lists, with a note of what was read in full."""

    read: tuple[str, ...] = ()

    def options(self, list_id: str, day: date) -> tuple[Option, ...]:
        self.read = (*self.read, list_id)
        return super().options(list_id, day)


def test_an_invented_form_reads_each_list_once_however_often_answers_are_rolled() -> None:
    counted = CountedLists({"sex": SEX}, places={"commune": (QUY_NHON,)})
    rolled = FORM.sample(replace(CONTEXT, lists=counted), seed=7)
    assert rolled == FORM.sample(CONTEXT, seed=7)
    assert sorted(counted.read) == ["commune", "sex"]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10**6))
def test_invented_answers_are_always_accepted(seed):
    texts = FORM.sample(CONTEXT, seed=seed)
    assert texts == FORM.sample(CONTEXT, seed=seed)
    cleaned = FORM.clean(texts, CONTEXT)
    assert FORM.load(cleaned.stored).values == cleaned.values


@settings(max_examples=150, deadline=None)
@given(
    posted=st.dictionaries(
        st.sampled_from([*GOOD, "papers.99999999999.pages", "home.mail.same", "child.weight", "x"]),
        st.text(max_size=30) | st.lists(st.text(max_size=5), max_size=3),
        max_size=9,
    )
)
def test_whatever_is_posted_is_cleaned_or_refused(posted):
    with contextlib.suppress(Invalid):
        FORM.clean(posted, CONTEXT)
    said = [problem.say for problem in examine(FORM, posted, CONTEXT).visible_problems()]
    assert all(sentence.endswith(".") for sentence in said)
    FORM.describe(posted, CONTEXT)
    FORM.draft(posted)
