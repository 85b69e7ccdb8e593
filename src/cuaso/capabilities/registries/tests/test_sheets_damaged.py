import zipfile
from io import BytesIO

import pytest

from cuaso.capabilities.registries.logic.exchanging.formats.opening import opened
from cuaso.kernel.errors import Invalid
from cuaso.kernel.tests.damaged import WAYS, damaged


def _read(content):
    return [list(sheet.read()) for sheet in opened(BytesIO(content))]


@pytest.mark.parametrize("way", WAYS)
def test_an_official_imports_a_workbook_that_was_damaged_on_the_way(way):
    with pytest.raises(Invalid) as refusal:
        _read(damaged(way))
    assert refusal.value.mend == (
        "Hãy mở bằng phần mềm bảng tính, lưu lại ở dạng .xlsx rồi nhập lại."
    )


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(rows, *, merged=""):
    packed = BytesIO()
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {_MAIN} xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {_MAIN}><sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells>"
            "</worksheet>",
        )
    return packed.getvalue()


def test_a_small_file_that_would_fill_the_memory_is_refused_before_it_is_opened():
    made = workbook('<row r="1"><c><v>7</v></c></row>' + " " * (17 * 1024**2))
    with pytest.raises(Invalid) as refusal:
        _read(made)
    assert "bung ra lớn bất thường" in refusal.value.why


def test_merged_cells_that_lie_over_each_other_cost_nobody_a_minute():
    rows = "".join(f'<row r="{at}"><c r="A{at}"><v>{at}</v></c></row>' for at in range(1, 3_000))
    made = workbook(rows, merged='<mergeCell ref="A1:XFD1048576"/>' * 15_000)
    with pytest.raises(Invalid) as refusal:
        _read(made)
    assert refusal.value.why == "Bảng tính có ô gộp chồng lên nhau."


def test_a_cell_of_a_format_that_there_is_not_is_read_as_its_number():
    cells = "".join(f'<c s="{style}"><v>5</v></c>' for style in ("-3", "99999", "0", ""))
    assert _read(workbook(f'<row r="1">{cells}</row>'))[0][0].cells == ["5", "5", "5", "5"]


@pytest.mark.parametrize(
    ("inside", "cells"),
    [
        ('<c t="s"><v>99</v></c>', None),
        ("<c><v>x</v></c>", None),
        ("<c><v>1e308</v></c>", ["1" + "0" * 308]),
        ('<c r="ZZZZZZZZ1"><v>1</v></c>', []),
    ],
)
def test_a_cell_that_points_nowhere_stops_the_sheet_in_words(inside, cells):
    made = workbook(f'<row r="1">{inside}</row><row r="2"><c><v>7</v></c></row>')
    if cells is None:
        with pytest.raises(Invalid) as refusal:
            _read(made)
        assert refusal.value.why.startswith("Bảng tính hỏng")
    else:
        assert [line.cells for line in _read(made)[0]] == [*([cells] if cells else []), ["7"]]
