"""The quick ways of sheets say what the slow ones do: plain texts, plain XML, rows copied in."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any, Final

import pytest
from django.db import DataError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuaso.capabilities.registries.logic.exchanging import kept
from cuaso.capabilities.registries.logic.exchanging.formats import opening, xlsx_plain
from cuaso.capabilities.registries.logic.exchanging.values import cells
from cuaso.capabilities.registries.logic.exchanging.values.columnwise import Columnwise
from cuaso.capabilities.registries.logic.exchanging.values.conditions import Asked, Scope
from cuaso.capabilities.registries.logic.exchanging.values.reading import Reading
from cuaso.capabilities.registries.logic.exchanging.writing import copying
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.tests.test_sheets_same import TEXTS, every, richer
from cuaso.declarations import expressions
from cuaso.declarations.fields import Field, Wrong

every, richer = every, richer  # noqa: PLW0127 fixtures
NEAR: Final = st.sampled_from(
    [
        "052192000001", "999192000001", "0521920000012", "0905123456", "84905123456", "0123456789",
        "31/12/2027", "31/02/2027", "01/01/1849", "1/1/2027", "10.02.2027", "33644", "12", "007",
        "1.500", "12,5", "12,505", "1234567890123456", "-3", "+3", "\u0661\u0662", "VÕ THỊ HẠ LAM",
        "võ thị", "Võ Thị  Hạ", "Vo\u0303 Hạ", "\u0303a", "'=1", "a'b", "a\u00a0b", "a\nb", "a\tb",
        "a\x00b", "x" * 60, "x" * 61, "x" * 201, "Có", "\ue000",
    ]
)  # fmt: skip
LOOSE: Final = st.text("0123456789/,.'-+ \u00a0\u0303aăĐĐGP\n", min_size=1, max_size=13)


def slowly(reader: cells.CellReader, text: str) -> object:
    """Return what the field's own type says of a text."""
    try:
        return reader._parse(text)
    except Wrong as wrong:
        return wrong.say


def test_a_clerk_types_a_plain_text_and_it_is_read_as_any_other(every: Built) -> None:
    context = kept.context(every)
    ones = {one.column.one.type: one.column.one for one in cells.fields_of(every) if one.column.one}
    other: tuple[dict[str, object], ...] = (
        {"type": "code", "number": "personal"},
        {"type": "text", "normalise": "name", "min_length": 2},
        {"type": "text", "normalise": "upper", "max_length": 20},
        {"type": "code", "pattern": r"\d+", "pattern_say": "Viết bằng số."},
        {"type": "integer", "min": "7", "max": "2000"},
        {"type": "decimal", "min": "1.5", "max": "100", "digits": 2},
        {"type": "date", "not_after": "today"},
    )
    made = (Field.model_validate({"title": "Ô"} | one) for one in other)
    readers = [
        cells.CellReader(one, context)
        for one in (*ones.values(), *made)
        if one.type not in {"computed", "reference"}
    ]
    plain = 0

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(NEAR | LOOSE, min_size=1, max_size=6))
    def compare(typed: list[str]) -> None:
        nonlocal plain
        texts = {text.strip() for text in typed} - {""}
        for reader in readers:
            reader.forget()
            found = reader.read_all(texts)
            for text in texts:
                said = slowly(reader, text)
                assert found.get(text, said) == said
                assert type(found.get(text, said)) is type(said)
            plain += len(found)

    compare()
    assert plain > 80


def test_an_officer_changes_records_by_sheet_and_many_at_once_read_as_each_alone(
    richer: Built,
) -> None:
    whole = Reading(richer, kept.context(richer), list(TEXTS))
    first = [texts[0] for texts in TEXTS.values()]
    unsaid = {"owner.birth_date", "log", "tax", "spell.from"}
    paths = [path for path in TEXTS if path not in unsaid]
    reading = Reading(richer, kept.context(richer), paths)
    stay = frozenset({"status", "vms"})
    drawn = st.sampled_from([(path, text) for path in paths for text in TEXTS[path]])
    agreed = 0

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(drawn, drawn), min_size=1, max_size=3))
    def compare(typed: list[tuple[tuple[str, str], ...]]) -> None:
        nonlocal agreed
        usual = {path: TEXTS[path][0] for path in paths}
        lines = [[text.strip() for text in (usual | dict(one)).values()] for one in typed]
        rows = [richer.live(**whole.read(first).columns) for _ in lines]
        read = Columnwise(reading).read_beside(list(zip(*lines, strict=True)), rows, stay)
        for at, (line, row) in enumerate(zip(lines, rows, strict=True)):
            alone = reading.read(line, row=row, stay=stay)
            columns = read.row(at)
            assert columns is None or (columns, {}) == (alone.columns, alone.problems)
            # A row of a group may be left to the form's own way, though nothing is wrong with it.
            assert columns is not None or alone.problems or line[paths.index("crew")]
            agreed += columns is not None

    compare()
    assert agreed > 20


def test_an_expression_that_sees_only_a_year_is_asked_once_a_year() -> None:
    names = {"record": expressions.Shape(kind="map", members={
        "built": expressions.Shape(kind="integer"), "day": expressions.Shape(kind="day"),
        "paper": expressions.Shape(kind="text"),
    })}  # fmt: skip
    scope = Scope(root="record", section="record", names=("built", "day", "paper"), outside={})
    text = "built <= day.getFullYear() && !blank(paper)".replace("built", "record.built")
    text = text.replace("day.", "record.day.").replace("(paper)", "(record.paper)")
    asked = Asked(scope, expressions.compile(text, names))
    columns: dict[str, list[Any]] = {
        "built": [2020, 2020, 2022, 2020],
        "day": [cells._EXCEL.replace(year=2021, day=day) for day in (1, 2, 3, 4)],
        "paper": ["GP-1", "GP-2", "GP-3", None],
    }
    assert asked.of_each(columns, 4, unknown=True) == [True, True, False, False]
    assert len(asked._answers[True]) == 3


SHEET: Final = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)
ROWS: Final = {
    "plain": '<row r="1"><c r="A1" t="inlineStr"><is><t>a &amp; &#7873;</t></is></c>'
    '<c r="C1"><v>1.5</v></c><c r="D1" s="0"/></row>',
    "computed": '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>A2</f></c>'
    '<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D2" t="b"><v>1</v></c></row>',
    "rich": '<row r="3"><c r="A3" t="inlineStr"><is><r><t>hai </t></r><r><t>ba</t></r></is></c>'
    "</row>",
    "empty": '<row r="4"/><row r="5"></row>',
    "unnumbered": "<row><c><v>6</v></c><c><v>7</v></c></row>",
    "shared": '<row r="8"><c r="B8" t="s"><v>0</v></c><c r="C8" t="s"><v>1</v></c></row>',
    "turned": '<row r="9"><c t="str" r="B9"><v>quay _x0041_</v></c></row>',
    "lines": '<row r="10">\r\n<c r="A10" t="inlineStr"><is><t>a\r\nb</t></is></c>\r\n</row>',
}
SAID: Final = [
    (1, ["a & ề", "", "1,5", ""]), (2, ["2", "", "", "Có"]), (3, ["hai ba"]), (6, ["6", "7"]),
    (8, ["", "chung", "đậm vừa"]), (9, ["", "quay A"]), (10, ["a\nb"]),
]  # fmt: skip


def packed(sheet: str) -> io.BytesIO:
    """Return a workbook with a sheet of the given XML."""
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(
            "xl/workbook.xml",
            f'<workbook {names} xmlns:r="{office}"><sheets><sheet name="a" r:id="r1"/></sheets>'
            "</workbook>",
        )
        made.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>',
        )
        made.writestr(
            "xl/sharedStrings.xml",
            f"<sst {names}><si><t>chung</t></si><si><r><t>đậm</t></r><r><t> vừa</t></r></si></sst>",
        )
        made.writestr("xl/worksheets/s.xml", sheet)
    return file


def prefixed(sheet: str) -> str:
    """Return a sheet whose elements all carry a prefix."""
    named = sheet.replace("xmlns=", "xmlns:x=")
    return re.sub(r"<(/?)(\w)", r"<\1x:\2", named)


@pytest.mark.parametrize(
    ("turn", "whole"),
    [
        (str, True),
        (lambda sheet: f'<?xml version="1.0" encoding="UTF-8"?>\n{sheet}', True),
        (lambda sheet: sheet.replace("<sheetData>", '<sheetData xml:space="preserve">'), True),
        (lambda sheet: sheet.replace('<row r="3">', '<!-- ba --><row r="3">'), False),
        (lambda sheet: sheet.replace(" &amp; ", "<![CDATA[ & ]]>"), False),
        (prefixed, False),
    ],
)
def test_a_clerk_brings_a_workbook_however_its_xml_is_written(
    turn: Callable[[str], str], whole: bool
) -> None:
    sheet = turn(SHEET.format("".join(ROWS.values())))
    (found,) = opening.opened(packed(sheet))
    lines = list(found.read())
    assert [(line.number, line.cells) for line in lines] == SAID
    assert {at: say.partition(".")[0] for at, say in lines[1].faults.items()} == {
        1: "Ô là công thức chưa có giá trị",
        2: "Ô mang lỗi #DIV/0! của bảng tính",
    }
    pieces = xlsx_plain.Pieces(io.BytesIO(sheet.encode()), outer="sheetData", tag="row")
    assert len(list(pieces)) == len(ROWS) + 1 if whole else not pieces.whole
    assert pieces.whole is whole


@pytest.mark.django_db
def test_what_is_asked_while_rows_are_sent_waits_for_them() -> None:
    with connection.cursor() as cursor, copying.Copies() as copies:
        cursor.execute("create temp table sent (a int) on commit drop")
        copies.hold("copy sent (a) from stdin", "".join(f"{one}\n" for one in range(50_000)))
        copies.go()
        cursor.execute("select count(*), sum(a) from sent")
        assert cursor.fetchone() == (50_000, 1_249_975_000)
        copies.hold("copy sent (a) from stdin", "ba\n")
        copies.go()
        with pytest.raises(DataError):
            cursor.execute("select 1")
        connection.set_rollback(True)


def test_rows_of_groups_are_written_as_json_writes_them() -> None:
    values: list[list[dict[str, object]]] = [
        [{"a": 'x}\x1e{"y', "b": ["1", "2"], "c": None}, {}],
        [],
        [{"a": "\\n\n\t", "m": {"n": 1, "z": "ư"}}],
    ]
    (told,) = copying.rendered([("json", values)])
    assert told == [
        '[{"a":"x}\\\\u001e{\\\\"y","b":["1","2"],"c":null},{}]',
        "[]",
        '[{"a":"\\\\\\\\n\\\\n\\\\t","m":{"n":1,"z":"ư"}}]',
    ]
