"""A newcomer reads invented records: what stands in one of them says the same."""

import random
import re
from datetime import date

import pytest

from cuaso.capabilities.registries.logic.exchanging.inventing import numbers, persons
from cuaso.capabilities.registries.logic.exchanging.inventing.placed import Placed
from cuaso.capabilities.registries.logic.exchanging.inventing.together import Together
from cuaso.declarations.fields import Context, Field, Option, Record
from cuaso.declarations.sampling import SampleLine
from cuaso.kernel.numbers import PersonalNumber, Sex, TaxCode

TODAY = date(2026, 11, 27)


class Communes:
    """Two communes, and two fields of work."""

    known = {"21553": "Phường Quy Nhơn Bắc", "21589": "Xã Tuy Phước", "gardens": "Làm vườn"}

    def find(self, list_id: str, code: str, day: date) -> Option | None:  # noqa: ARG002
        return Option(code=code, label=self.known[code]) if code in self.known else None

    def options(self, list_id: str, day: date) -> list[Option]:  # noqa: ARG002
        return [Option(code=code, label=label) for code, label in self.known.items()]


class Schools:
    """One school, which lies in a commune and was opened on a day."""

    def find(self, registry: str, key_or_id: str) -> Record | None:  # noqa: ARG002
        return Record(id="1", key=key_or_id, label=key_or_id) if key_or_id == "TR-1" else None

    def options(self, registry: str, words: str, limit: int) -> list[Record]:  # noqa: ARG002
        return []

    def facts(self, registry: str, id: str, names: list[str]) -> dict[str, object]:  # noqa: ARG002
        return {name: {"commune": "21589", "opened_on": date(2001, 9, 5)}[name] for name in names}


CONTEXT = Context(today=TODAY, lists=Communes(), records=Schools())  # type: ignore[arg-type]
FIELDS = {
    "name": Field(title="Tên"),
    "foreign_name": Field(title="Tên nước ngoài", required=False),
    "field": Field.model_validate({"title": "Lĩnh vực", "codes": "club_field"}),
    "school": Field.model_validate({"title": "Trường", "to": "school"}),
    "commune": Field(title="Xã", type="place"),
    "opened_on": Field(title="Ngày mở", type="date"),
    "closed_on": Field(title="Ngày đóng", type="date"),
    "budget_vnd": Field(title="Kinh phí", type="vnd"),
    "spent_vnd": Field(title="Đã chi", type="vnd"),
    "share": Field(title="Phần", type="decimal", digits=1),
}
ROLLED = {
    "name": "?",
    "foreign_name": "?",
    "field": "?",
    "school": "TR-1",
    "commune": "21553",
    "opened_on": "05/09/2020",
    "closed_on": "01/01/1990",
    "budget_vnd": "200.000.000 đồng",
    "spent_vnd": "900.000.000 đồng",
    "share": "1,5",
}


def settled(line: dict[str, tuple[str, ...]], *, seed: int = 1, **rolled: str) -> dict[str, str]:
    together = Together({"all": [line]}, FIELDS, CONTEXT, random.Random(seed))
    together.choose()
    texts = ROLLED | rolled
    together.settle(texts)
    return texts


def test_a_line_is_taken_whole_so_that_a_name_fits_its_field() -> None:
    lines: list[SampleLine] = [
        {"name": ("Hội Làm vườn",), "foreign_name": ("Gardeners",), "field": ("gardens",)},
        {"name": ("Hội Cờ",), "field": ("games",)},
    ]
    together = Together({"about": lines}, FIELDS, CONTEXT, random.Random(3))
    seen = set()
    for _ in range(40):
        together.choose()
        texts = dict(ROLLED)
        together.settle(texts)
        seen.add((texts["name"], texts["foreign_name"], texts["field"]))
    assert seen == {("Hội Làm vườn", "Gardeners", "gardens"), ("Hội Cờ", "", "games")}


def test_a_field_that_was_left_empty_stays_empty() -> None:
    assert settled({"foreign_name": ("Gardeners",)}, foreign_name="")["foreign_name"] == ""


def test_a_name_names_the_commune_of_its_record() -> None:
    assert settled({"name": ("Hội Làm vườn {commune}",)})["name"] == (
        "Hội Làm vườn phường Quy Nhơn Bắc"
    )
    assert settled({"name": ("{field}: {commune}",)}, field="gardens")["name"] == (
        "Làm vườn: phường Quy Nhơn Bắc"
    )


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("opened_on + 10 ngày", "15/09/2020"),
        ("opened_on - 2 tháng", "05/07/2020"),
        ("opened_on + 5 năm", "05/09/2025"),
        ("today - 1 năm", "27/11/2025"),
        ("school.opened_on + 1 ngày", "06/09/2001"),
    ],
)
def test_a_day_is_counted_from_another(value: str, day: str) -> None:
    assert settled({"closed_on": (value,)})["closed_on"] == day


def test_a_day_counted_from_none_stays_as_it_was_rolled() -> None:
    texts = settled({"closed_on": ("opened_on + 1 ngày",)}, opened_on="")
    assert texts["closed_on"] == "01/01/1990"


def test_what_is_spent_is_a_share_of_the_budget() -> None:
    for seed in range(20):
        spent = settled({"spent_vnd": ("80-90% budget_vnd",)}, seed=seed)["spent_vnd"]
        assert 160 <= int(spent.split(".")[0]) <= 180
    assert settled({"share": ("50% share",)})["share"] == "0,8"


def test_a_number_has_a_digit_for_each_sharp() -> None:
    assert re.fullmatch(r"\d{4}/QĐ-UBND", settled({"name": ("####/QĐ-UBND",)})["name"])


def test_a_record_takes_over_what_the_record_has_to_which_it_refers() -> None:
    assert settled({"commune": ("{school.commune}",)})["commune"] == "21589"
    assert settled({"commune": ("{school.commune}",)}, school="TR-9")["commune"] == ""


def test_a_line_is_for_records_that_refer_to_such_a_record() -> None:
    lines: list[SampleLine] = [
        {"school.commune": ("21589",), "name": ("Lớp 1A",)},
        {"school.commune": ("21553",), "name": ("Lớp 10A",)},
    ]
    together = Together({"about": lines}, FIELDS, CONTEXT, random.Random(3))
    for _ in range(20):
        together.choose()
        texts = dict(ROLLED)
        together.settle(texts)
        assert texts["name"] == "Lớp 1A"
    assert together.leaning(["name"]) == {"name", "school"}


def test_what_is_rolled_anew_brings_what_it_follows_from() -> None:
    line: SampleLine = {"closed_on": ("opened_on + 1 ngày",), "opened_on": ("today - 1 năm",)}
    together = Together({"days": [line]}, FIELDS, CONTEXT, random.Random(1))
    together.choose()
    together.settle(dict(ROLLED))
    assert together.leaning(["closed_on"]) == {"closed_on", "opened_on"}
    assert together.leaning(["name"]) == {"name"}


PERSON = {
    f"head.{part}": Field(title="Ô")
    for part in ("full_name", "personal_number", "birth_date", "sex", "ethnic_group")
}


@pytest.mark.parametrize("seed", range(30))
def test_a_persons_name_sex_and_number_say_the_same(seed: int) -> None:
    dice = random.Random(seed)
    born = persons.grown_up(TODAY, dice)
    sexes: tuple[Sex, ...] = ("male", "female")
    sex = dice.choice(sexes)
    texts = {
        "head.full_name": "?",
        "head.personal_number": "?",
        "head.birth_date": born,
        "head.sex": sex,
        "head.ethnic_group": persons.people(dice),
    }
    (person,) = persons.persons_of(PERSON)
    person.settle(texts, dice)
    number = PersonalNumber.parse(texts["head.personal_number"])
    day = date(int(born[6:]), int(born[3:5]), int(born[:2]))
    assert number.agrees_with(birth_date=day, sex=sex)
    assert texts["head.sex"] == sex
    assert persons._sex_of(texts["head.full_name"]) == sex


def test_the_name_that_a_pack_gives_says_the_sex() -> None:
    (person,) = persons.persons_of(PERSON)
    texts = {"head.full_name": "Đinh Thị Blưn", "head.sex": "male"}
    person.settle(texts, random.Random(1), stay={"head.full_name"})
    assert texts == {"head.full_name": "Đinh Thị Blưn", "head.sex": "female"}


def test_an_address_and_a_drawing_lie_in_the_commune_of_the_record() -> None:
    fields = {
        "commune": Field(title="Xã", type="place"),
        "office.commune": Field(title="Xã", type="place"),
        "office.street": Field(title="Đường"),
        "position": Field(title="Vị trí", type="point"),
    }
    around = {"21589": (13.8, 109.1, 2.0), "21553": (13.9, 109.2, 2.0)}
    placed = Placed("commune", fields, around)
    for seed in range(20):
        texts = {
            "commune": "21589",
            "office.commune": "21553",
            "office.street": "?",
            "position": "10; 105",
        }
        placed.settle(texts, CONTEXT, random.Random(seed))
        north, east = (float(one.replace(",", ".")) for one in texts["position"].split(";"))
        assert texts["office.commune"] == "21589"
        assert texts["office.street"].startswith("Thôn")
        assert abs(north - 13.8) < 2 / 111
        assert abs(east - 109.1) < 2 / 108


def test_a_tax_code_of_an_invented_business_is_sound() -> None:
    dice = random.Random(5)
    found = {numbers.tax_code(dice) for _ in range(50)}
    assert len(found) > 40
    assert {str(TaxCode.parse(one)) for one in found} == found


def test_a_boundary_is_that_of_the_commune_and_a_code_takes_its_code() -> None:
    fields = {
        "code": Field(title="Mã", type="code"),
        "unit": Field(title="Xã", type="place"),
        "border": Field(title="Ranh giới", type="polygon", required=False),
    }
    borders = {"21589": "13; 108\n13; 109\n14; 109"}
    around = {"21589": (13.8, 109.1, 2.0)}
    placed = Placed("unit", fields, around, border="border", borders=borders)
    texts = {"code": "?", "unit": "21589", "border": ""}
    placed.settle(texts, CONTEXT, random.Random(1))
    assert texts["border"] == borders["21589"]
    elsewhere = {"code": "?", "unit": "21553", "border": ""}
    placed.settle(elsewhere, CONTEXT, random.Random(1))
    assert elsewhere["border"] == ""
    together = Together({"about": [{"code": ("DV-{unit}",)}]}, fields, CONTEXT, random.Random(1))
    together.choose()
    together.settle(texts)
    assert texts["code"] == "DV-21589"
