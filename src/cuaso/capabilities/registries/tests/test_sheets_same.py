"""The quick way of sheets says what a form says, row for row; what goes out comes in again."""

import io
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.logic.changing import cleaning
from cuaso.capabilities.registries.logic.exchanging import csv_out, kept
from cuaso.capabilities.registries.logic.exchanging.formats import opening, xlsx_out
from cuaso.capabilities.registries.logic.exchanging.values import cells
from cuaso.capabilities.registries.logic.exchanging.values.cell_writer import CellWriter
from cuaso.capabilities.registries.logic.exchanging.values.columnwise import Columnwise
from cuaso.capabilities.registries.logic.exchanging.values.reading import Reading
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.tests.conftest import VESSEL
from cuaso.declarations.fields import Context, Field, kind, type_of
from cuaso.declarations.packs import Pack
from cuaso.declarations.registries import RECORD, Registry
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid

TEXTS: dict[str, list[str]] = {
    "number": ["BĐ-00001-TS", " BĐ-00002-TS ", "12", ""],
    "name": ["Hải Âu", "=1+1", "", "  Đại   Dương 12 ", "x" * 201],
    "owner.full_name": ["võ thị hạ lam", "LÊ VĂN TÁM", ""],
    "owner.personal_number": ["052192000001", "5219200001", "abc", ""],
    "owner.birth_date": ["10/02/1992", "1992-2-10", "31/02/1992", "33644", "10/02/2030", ""],
    "length": ["14,5", "14.5", "1.400", "5", "24", "30,25", "14,555", "dài", ""],
    "gear": ["vay", "Lưới vây", "luoi keo", "keo", "lạ", ""],
    "built_on": ["01/01/2020", "1/1/2030", ""],
    "commune": ["21583", "Phường Quy Nhơn", "99999", ""],
    "vms": ["VMS-001", ""],
    "status": ["moi", "dang_ky", "Đã đăng ký", ""],
    "crew": ["", "", "Lê Văn Tám | Máy trưởng", "| Bếp", "a | b | c"],
    "ghost": ["yes", "no", ""],
    "age": [""],
}
MORE = {
    "ghost": {"title": "Có nhật ký", "type": "yes_no", "required": False},
    "log": {
        "title": "Số nhật ký",
        "when": "ghost",
        "pattern": r"NK-\d+",
        "pattern_say": "Viết NK-1.",
    },
    "spell": {"title": "Thời hạn", "type": "period", "required": False},
    "gears": {
        "title": "Nghề phụ",
        "type": "multi_choice",
        "codes": "gear",
        "max": "2",
        "required": False,
    },
    "half": {"title": "Nửa chiều dài", "is": "length / 2", "as": "decimal"},
    "tax": {
        "title": "Phí",
        "type": "vnd",
        "required": "length >= 20.0 && blank(vms)",
        "max": "5000000",
    },
    "place": {"title": "Vị trí", "type": "point", "required": False},
    "seen": {"title": "Lần thấy", "type": "moment", "required": False},
}
TEXTS |= {
    "log": ["NK-1", "x", ""],
    "spell.from": ["01/01/2024", ""],
    "spell.until": ["01/01/2025", "01/01/2023", ""],
    "gears": ["vay; keo", "Lưới vây", "vay;keo;cau", "vay; vay", ""],
    "tax": ["1.000.000", "9.000.000", "x", ""],
    "place": ["13,776; 109,223", "1; 2", ""],
    "seen": ["05/07/2025 14:30", "05/07/2025", ""],
}
del TEXTS["age"]


@pytest.fixture
def richer(harbour: Pack) -> Built:
    """Return the vessels with a field of every kind, and rules between them."""
    built = sets.built("harbour/vessel")
    plain = built.declared.dump()
    plain["fields"] |= MORE
    plain["rules"] = [
        *plain["rules"],
        {"check": "tax > 100000", "say": "Phí như thế là quá ít."},
        {"check": "half < 14.0", "say": "Tàu này quá dài.", "at": "length"},
        {
            "check": "years_between(owner.birth_date, today) >= 18",
            "say": "Chủ tàu chưa đủ 18 tuổi.",
        },
    ]
    return Built(
        id=built.id, key=built.key, table=built.table, owner_id=built.owner_id,
        version=built.version, declared=Registry.load(plain),
    )  # fmt: skip


def by_form(built: Built, reading: Reading, row: dict[str, str]) -> tuple[Any, dict[str, str]]:
    """Return what the form's own way says of a row."""
    posted: dict[str, str | list[str]] = {}
    for path, text in row.items():
        field = reading.fields[path]
        if field.group is not None:
            posted |= cells.rows_posted(field, text)
        else:
            posted[f"{RECORD}.{path}"] = reading.readers[path].posted(text)
    try:
        return cleaning.columns(built, posted, strict=True), {}
    except Invalid as refusal:
        return None, {one.field: one.say for one in refusal.problems}


def test_an_officer_brings_in_the_same_by_sheet_as_by_form(richer: Built) -> None:
    paths = list(TEXTS)
    reading = Reading(richer, kept.context(richer), paths)
    dice = random.Random(7)
    good = 0
    came: list[tuple[list[str], Any]] = []

    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.fixed_dictionaries({path: st.sampled_from(texts) for path, texts in TEXTS.items()}))
    def compare(row: dict[str, str]) -> None:
        nonlocal good
        # Mostly right rows: two cells at most are drawn from everything.
        for path in dice.sample(paths, len(paths) - 4):
            row[path] = TEXTS[path][0]
        row["crew"] = "" if row["crew"] == "a | b | c" else row["crew"]
        read = reading.read([row[path] for path in paths])
        columns, problems = by_form(richer, reading, row)
        assert read.problems == problems
        came.append(([row[path].strip() for path in paths], columns))
        if columns is not None:
            good += 1
            assert read.columns == columns

    compare()
    assert good > 20
    # Many rows at once are read a column at a time: the same of each that is right.
    at_once = Columnwise(reading).read([texts for texts, _ in came])
    assert at_once == [columns for _, columns in came]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), min_size=1, max_size=5))
def test_a_clerk_takes_texts_out_and_brings_them_in_as_they_were(rows: list[list[str]]) -> None:
    book = io.BytesIO(
        b"".join(xlsx_out.workbook([[cells.marked(one) for one in row] for row in rows], name="x"))
    )
    (sheet,) = opening.opened(book)
    came = {line.number: [cells.unguarded(one) for one in line.cells] for line in sheet.read()}
    for number, row in enumerate(rows, start=1):
        assert [*came.get(number, []), "", ""][:2] == row


@given(
    st.lists(
        st.lists(st.text("=+-@'ab1;\"\n ,", max_size=8), min_size=2, max_size=2),
        min_size=1,
        max_size=5,
    )
)
def test_a_clerk_takes_csv_out_and_no_text_is_a_formula(rows: list[list[str]]) -> None:
    whole = b"".join(csv_out.table([["a", "b"], *rows]))
    (sheet,) = opening.opened(io.BytesIO(whole))
    came = {line.number: line.cells for line in sheet.read()}
    for number, row in enumerate(rows, start=2):
        cells_ = came.get(number, ["", ""])
        assert [cells.unguarded(one) for one in cells_] == row
        assert not any(one.startswith(("=", "+", "-", "@")) for one in cells_)


def test_words_and_order_are_those_of_a_form(richer: Built) -> None:
    reading = Reading(richer, kept.context(richer), ["number", "name"])
    text = "Cá Ngừ-Đại dương (số 12) É ﬁ  tàu'x"
    columns = {one.name: None for one in richer.columns} | {"name": text, "number": "A 1"}
    assert reading._lexemes(columns) == values.derived(richer, columns)["row_words"]


NEEDED: dict[str, dict[str, object]] = {
    "choice": {"codes": "gear"},
    "multi_choice": {"codes": "gear"},
    "reference": {"to": "vessel"},
    "text": {"max_length": 60},
}
# Files do not travel in sheets, and what is computed is not read.
EVERY = tuple(sorted(kind.REGISTRY.keys() - {"file", "computed"}))


@pytest.fixture
def every(harbour: Pack, department: Actor) -> Built:
    """Return vessels with a field of every kind, and one vessel to refer to."""
    registries.add(registry="harbour/vessel", values=VESSEL, actor=department)
    built = sets.built("harbour/vessel")
    plain = built.declared.dump()
    plain["fields"] |= {
        f"any_{name}": {"title": f"Ô {name}", "type": name, "required": False}
        | NEEDED.get(name, {})
        for name in EVERY
    }
    return Built(
        id=built.id, key=built.key, table=built.table, owner_id=built.owner_id,
        version=built.version, declared=Registry.load(plain),
    )  # fmt: skip


def sampled(one: Field, dice: random.Random, context: Context) -> str:
    """Return a text that a person might type."""
    text = type_of(one).sample(one, dice, context)
    return text if isinstance(text, str) else "; ".join(text)


def test_a_clerk_takes_every_kind_of_field_out_and_brings_the_same_in(every: Built) -> None:
    context = kept.context(every)
    fields = [
        one
        for one in cells.fields_of(every)
        if one.path.startswith("any_") and one.column.one is not None and one.typed
    ]
    assert {one.path.partition(".")[0] for one in fields} == {f"any_{name}" for name in EVERY}
    read = [cells.CellReader(one.column.one, context) for one in fields if one.column.one]
    write = [CellWriter(one, context) for one in fields]
    titles = [one.title for one in fields]
    filled: set[str] = set()

    @settings(
        max_examples=25,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.integers(0, 10**6))
    def compare(seed: int) -> None:
        dice = random.Random(seed)
        texts = [sampled(reader.one, dice, context) for reader in read]
        values = [
            reader.read(text) if text else None for reader, text in zip(read, texts, strict=True)
        ]
        natives = [writer.native(value) for writer, value in zip(write, values, strict=True)]
        book = b"".join(xlsx_out.workbook([titles, natives], name="x"))
        said = [writer.text(value) for writer, value in zip(write, values, strict=True)]
        table = b"".join(csv_out.table([titles, said]))
        for content in (book, table):
            (sheet,) = opening.opened(io.BytesIO(content))
            line = list(sheet.read())[1]
            came = [*line.cells, *[""] * (len(read) - len(line.cells))]
            again = [
                reader.read(text) if text else None for reader, text in zip(read, came, strict=True)
            ]
            assert again == values
        filled.update(
            one.path for one, value in zip(fields, values, strict=True) if value is not None
        )

    compare()
    assert {one.path for one in fields} == filled
