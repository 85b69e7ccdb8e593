"""A survey form made elsewhere (XLSForm), as the file that an officer has of it."""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

SURVEY = [
    ["type", "name", "label::Tiếng Việt (vi)", "required", "constraint", "relevant"],
    ["text", "name", "Tên bến", "yes", "", ""],
    ["select_one gear", "gear", "Nghề chính", "yes", "", ""],
    ["select_one river", "river", "Sông", "", "", ""],
    ["integer", "seats", "Số ghế", "", ". >= 1", "${gear} = 'vay'"],
    ["audio", "sound", "Ghi âm", "", "", ""],
]
CHOICES = [
    ["list_name", "name", "label::Tiếng Việt (vi)"],
    ["gear", "vay", "Lưới vây"],
    ["river", "hathanh", "Hà Thanh"],
]
FORM = {
    "survey": SURVEY,
    "choices": CHOICES,
    "settings": [["form_title", "form_id"], ["Bến đò ngang", "ben_do"]],
}


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> io.BytesIO:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file
