"""People type periods, organisations, references, coordinates; the house computes the rest."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cuaso.declarations.codes import CodeLine, CodeList, PackLists
from cuaso.declarations.fields import (
    Context,
    Field,
    InventedRecords,
    Linked,
    Record,
    Wrong,
    type_of,
)
from cuaso.declarations.forms import Form, flatten
from cuaso.kernel.errors import Invalid

KINDS = CodeList(
    id="organisation_kind",
    title="Loại hình",
    title_en="Kind",
    source="",
    lines=(CodeLine("coop", "Hợp tác xã", "Cooperative", None, None, "", unverified=False),),
)
TODAY = Context(
    today=date(2026, 11, 26),
    lists=PackLists({"organisation_kind": KINDS}),
    records=InventedRecords(),
)
PLOT = "13,776; 109,223\n13,776; 109,224\n13,775; 109,224\n13,775; 109,223"
FORM = Form.model_validate(
    {
        "sections": {
            "farm": {
                "title": "Cơ sở",
                "fields": {
                    "owner": {
                        "title": "Chủ cơ sở",
                        "type": "organisation",
                        "codes": "organisation_kind",
                    },
                    "lease": {"title": "Thời hạn thuê", "type": "period"},
                    "plot": {"title": "Thửa đất", "type": "polygon", "zone": "108-15"},
                    "hectares": {
                        "title": "Diện tích",
                        "is": "farm.plot.area / 10000",
                        "as": "decimal",
                        "unit": "ha",
                    },
                    "years": {
                        "title": "Số năm thuê",
                        "is": "years_between(farm.lease.from, farm.lease.until)",
                        "as": "integer",
                    },
                    "long": {
                        "title": "Vì sao thuê dài",
                        "when": "farm.years >= 5",
                        "required": "no",
                    },
                },
            },
            "cages": {
                "title": "Lồng nuôi",
                "repeat": {"min": "0", "max": "3", "item": "Lồng"},
                "fields": {
                    "vessel": {"title": "Tàu", "to": "agriculture/fishing_vessel"},
                    "at": {"title": "Vị trí", "type": "point"},
                    "count": {"title": "Số lồng", "type": "integer"},
                    "price": {"title": "Giá", "type": "vnd"},
                    "total": {
                        "title": "Thành tiền",
                        "is": "item.count * item.price",
                        "as": "vnd",
                    },
                },
            },
        }
    }
)
GOOD = {
    "farm.owner.name": "Hợp tác xã Nhơn Lý",
    "farm.owner.number": "0100109106",
    "farm.owner.kind": "coop",
    "farm.lease.from": "01/01/2020",
    "farm.lease.until": "31/12/2026",
    "farm.plot": PLOT,
    "cages.0.vessel": "MAU-2",
    "cages.0.at": "13,776; 109,223",
    "cages.0.count": "4",
    "cages.0.price": "1.500.000 đồng",
}


def field(**keys: object) -> Field:
    return Field.model_validate({"title": "Ô", **keys})


def problems(changed: dict[str, str], *, strict: bool = False) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        FORM.clean(GOOD | changed, TODAY, strict=strict)
    return {problem.field: problem.say for problem in caught.value.problems}


def test_a_period_ends_no_sooner_than_it_begins():
    assert problems({"farm.lease.until": "31/12/2019"}) == {
        "farm.lease.until": (
            "Thời hạn thuê: ngày kết thúc 31/12/2019 phải từ ngày bắt đầu 01/01/2020 trở đi."
        )
    }
    same_day = FORM.clean(GOOD | {"farm.lease.until": "01/01/2020"}, TODAY)
    assert same_day.get("farm.lease.until") == date(2020, 1, 1)


def test_a_period_may_have_an_open_end_but_no_open_beginning():
    open_end = FORM.clean(GOOD | {"farm.lease.until": ""}, TODAY)
    assert open_end.stored["farm"]["lease"] == {"from": "2020-01-01", "until": None}
    shown = dict(FORM.show(open_end, TODAY)[0].lines)
    assert shown["Thời hạn thuê"] == "từ ngày 01/01/2020"
    assert problems({"farm.lease.from": ""}) == {"farm.lease.from": "Chưa nhập “Từ ngày”."}


def test_a_period_keeps_the_limits_of_its_days():
    one = field(type="period", not_after="today")
    last = type_of(one).parts(one)["until"]
    with pytest.raises(Wrong, match="không được sau hôm nay 26/11/2026"):
        type_of(last).parse(last, "27/11/2026", TODAY)


def test_an_organisation_is_known_by_a_tax_code_or_an_agency_code():
    agency = FORM.clean(GOOD | {"farm.owner.number": "h08.12"}, TODAY)
    assert agency.get("farm.owner.number") == "H08.12"
    shown = dict(FORM.show(FORM.clean(GOOD, TODAY), TODAY)[0].lines)
    assert shown["Chủ cơ sở"] == (
        "Hợp tác xã Nhơn Lý, Hợp tác xã, Mã số thuế hoặc mã định danh cơ quan 0100109106"
    )
    assert problems({"farm.owner.number": "0100109107"}) == {
        "farm.owner.number": (
            "Mã số thuế hoặc mã định danh cơ quan “0100109107” chưa đúng."
            " Chữ số kiểm tra (chữ số thứ 10) không khớp."
        )
    }
    only_tax = field(type="organisation", number="tax")
    assert list(type_of(only_tax).parts(only_tax)) == ["name", "number"]
    assert type_of(only_tax).parts(only_tax)["number"].title == "Mã số thuế"


class Vessels:
    """One boat, known by its number and its name."""

    BOAT = Record(id="7f", key="BĐ-91234-TS", label="Tàu Thuận An")

    def find(self, registry: str, key_or_id: str) -> Record | None:
        known = registry == "agriculture/fishing_vessel"
        return self.BOAT if known and key_or_id in (self.BOAT.id, self.BOAT.key) else None

    def options(self, registry: str, words: str, limit: int) -> list[Record]:  # noqa: ARG002
        return [self.BOAT][:limit]

    def facts(self, registry: str, id: str, names: Sequence[str]) -> dict[str, object]:  # noqa: ARG002
        return dict.fromkeys(names)


def test_a_reference_keeps_the_record_and_its_key():
    harbour = Context(today=TODAY.today, records=Vessels())
    one = field(to="agriculture/fishing_vessel")
    kind = type_of(one)
    value = kind.parse(one, "  BĐ-91234-TS ", harbour)
    assert value == Linked(id="7f", key="BĐ-91234-TS")
    assert kind.store(value) == {"id": "7f", "key": "BĐ-91234-TS"}
    assert kind.parse(one, "tàu thuận an", harbour) == value
    assert kind.show(one, value, harbour) == "Tàu Thuận An"
    assert kind.show(one, value, Context(today=TODAY.today)) == "BĐ-91234-TS"
    with pytest.raises(Wrong) as caught:
        kind.parse(one, "BĐ-00000-TS", harbour)
    assert caught.value.say == (
        "Ô: không tìm thấy “BĐ-00000-TS” trong sổ được tham chiếu. Hãy gõ đúng mã của bản ghi."
    )


def test_a_story_may_name_any_record_before_there_is_one():
    one = field(to="agriculture/fishing_vessel")
    value = type_of(one).parse(one, "BĐ-91234-TS", TODAY)
    assert value == Linked(id="BĐ-91234-TS", key="BĐ-91234-TS")


def test_a_form_computes_what_nobody_types():
    cleaned = FORM.clean(GOOD, TODAY)
    assert cleaned.get("farm.hectares") == Decimal("1.20")
    assert cleaned.get("farm.years") == 6
    assert cleaned.get("cages.0.total") == 6_000_000
    assert cleaned.stored["farm"]["hectares"] == "1.20"
    assert FORM.load(json.loads(json.dumps(cleaned.stored))).values == cleaned.values
    shown = dict(FORM.show(cleaned, TODAY)[0].lines)
    assert shown["Diện tích"] == "1,20 ha"


def test_a_computed_field_waits_for_what_it_reads_and_a_condition_may_read_it():
    open_end = FORM.clean(GOOD | {"farm.lease.until": "", "farm.long": "Nuôi rừng"}, TODAY)
    assert open_end.get("farm.years") is None
    assert open_end.get("farm.long") is None
    assert FORM.clean(GOOD | {"farm.long": "Nuôi rừng"}, TODAY).get("farm.long") == "Nuôi rừng"


def test_a_value_that_somebody_sends_for_a_computed_field_is_never_taken():
    assert FORM.clean(GOOD | {"cages.0.total": "1"}, TODAY).get("cages.0.total") == 6_000_000
    assert problems({"cages.0.total": "1"}, strict=True) == {
        "cages.0.total": ("Thành tiền do hệ thống tính, không nhận giá trị gửi lên. Hãy bỏ ô này.")
    }


def test_a_formula_that_fails_on_whole_answers_says_so_at_its_field():
    halves = Form.model_validate(
        {
            "sections": {
                "a": {
                    "title": "A",
                    "fields": {
                        "whole": {"title": "Tổng", "type": "integer"},
                        "by": {"title": "Chia", "type": "integer"},
                        "half": {"title": "Phần", "is": "a.whole / a.by", "as": "integer"},
                    },
                }
            }
        }
    )
    assert halves.clean({"a.whole": "7", "a.by": "2"}, TODAY).get("a.half") == 3
    with pytest.raises(Invalid) as caught:
        halves.clean({"a.whole": "7", "a.by": "0"}, TODAY)
    assert [(one.field, one.say) for one in caught.value.problems] == [
        (
            "a.half",
            (
                "Phần chưa tính được. Biểu thức “a.whole / a.by” chia cho 0. Hãy kiểm tra mẫu số"
                " trước khi chia."
            ),
        )
    ]


def test_an_edited_form_and_a_stored_one_come_back_the_same():
    cleaned = FORM.clean(GOOD, TODAY)
    again = FORM.clean(FORM.edit(cleaned), TODAY, strict=True)
    assert again.values == cleaned.values
    sent = flatten(_without_computed(cleaned.stored))
    assert FORM.clean(sent, TODAY, strict=True).values == cleaned.values


def _without_computed(stored):
    farm = {key: value for key, value in stored["farm"].items() if key not in ("hectares", "years")}
    cages = [{key: one for key, one in row.items() if key != "total"} for row in stored["cages"]]
    return {"farm": farm, "cages": cages}


def test_a_map_widget_and_a_program_send_geojson_or_metres_with_their_zone():
    place = {"type": "Point", "coordinates": [109.223, 13.776]}
    bare = {"cages": [{"vessel": "MAU-1", "at": place, "count": 1, "price": 1000}]}
    metres = {"text": "1523703,603; 605049,761", "zone": "108-15"}
    nested = {"cages": [{"vessel": "MAU-1", "at": metres, "count": 1, "price": 1000}]}
    without = {path: text for path, text in GOOD.items() if not path.startswith("cages")}
    for given_, found in ((bare, [109.223, 13.776]), (nested, [109.2233, 13.7757])):
        cleaned = FORM.clean({**without, **flatten(given_)}, TODAY, strict=True)
        at = cleaned.stored["cages"][0]["at"]["geometry"]
        assert at == {"type": "Point", "coordinates": found}


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_invented_answers_fit_the_form_and_its_schema_names_them(seed):
    cleaned = FORM.clean(FORM.sample(TODAY, seed=seed), TODAY, strict=True)
    assert FORM.clean(FORM.edit(cleaned), TODAY).values == cleaned.values
    assert FORM.load(cleaned.stored).values == cleaned.values
    farm = FORM.json_schema()["properties"]["farm"]
    assert farm["required"] == ["owner", "lease", "plot"]
    assert set(farm["properties"]) == set(cleaned.stored["farm"])


def test_a_page_draws_the_choice_of_a_short_registry_and_the_computed_value():
    (farm, cages) = FORM.describe(GOOD, TODAY).sections
    drawn = {one.id: one for one in (*farm.rows[0].fields, *cages.rows[0].fields)}
    assert [one.code for one in drawn["vessel"].options] == ["MAU-1", "MAU-2", "MAU-3"]
    assert drawn["hectares"].value == "1,20 ha"
    assert drawn["total"].value == "6.000.000 đồng"
    assert drawn["plot"].input == "textarea"
    assert drawn["at"].hint == (
        "Vĩ độ; kinh độ, hoặc X; Y theo VN-2000, ví dụ 13,776; 109,223 / VN-2000 108°15':"
        " 1523703,603; 605049,761."
    )


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"type": "reference"}, "Ô tham chiếu thiếu sổ."),
        ({"to": "Tàu cá"}, "“Tàu cá” không phải tên một sổ."),
        ({"type": "computed"}, "Ô tính thiếu công thức."),
        ({"is": "1", "as": "integer", "required": "no"}, "Ô tính không nhận “required”."),
        ({"type": "point", "zone": "108-17"}, "Không có kinh tuyến trục “108-17”."),
        ({"type": "period", "zone": "108-15"}, "Mục “zone” không dùng với kiểu period."),
        ({"type": "text", "is": "1"}, "Mục “is” không dùng với kiểu text."),
    ],
)
def test_a_field_declared_wrongly_is_refused_with_a_remedy(keys, what):
    with pytest.raises(ValidationError) as caught:
        field(**keys)
    (error,) = caught.value.errors()
    assert error["ctx"]["what"] == what
    assert error["ctx"]["remedy"] != ""
