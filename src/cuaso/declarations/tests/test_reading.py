"""An author's mistake of shape is said at its line, with the nearest right word."""

from datetime import date, time
from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field

from cuaso.declarations.law import Dated
from cuaso.declarations.reading import read
from cuaso.declarations.shape import Day, Declaration, Hour, Lasting, Name, YesNo, YesNoOrCel
from cuaso.declarations.trouble import BadDeclaration, nearest
from cuaso.kernel.durations import Duration


class Step(Declaration):
    within: Lasting


class Sheet(Declaration):
    title: str = Field(min_length=1)
    level: Literal["tỉnh", "xã"] = "xã"
    seal: YesNo = False
    required: YesNoOrCel = True
    day: Day | None = None
    cut_off: Hour | None = None
    steps: dict[Name, Step] = {}
    count: int = Field(default=1, ge=1, le=9)
    fee: Dated[str] | None = None


def sheet(folder: Path, text: str) -> Sheet:
    path = folder / "sheet.yaml"
    path.write_text(text)
    return read(path, Sheet)


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadDeclaration) as caught:
        sheet(folder, text)
    return [str(error).removeprefix(f"{folder}/") for error in caught.value.errors]


def test_words_people_use_become_typed_values(tmp_path):
    found = sheet(
        tmp_path,
        "title: A\nseal: có\nrequired: no\nday: 2025-07-01\ncut_off: 15:00\n"
        "steps: {receive: {within: 4 giờ làm việc}}\ncount: 3\n",
    )
    assert (found.seal, found.required, found.count) == (True, False, 3)
    assert found.day == date(2025, 7, 1)
    assert found.cut_off == time(15)
    assert found.steps["receive"].within == Duration(4, "working_hour")
    assert sheet(tmp_path, "title: A\nrequired: a == 1\n").required == "a == 1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel: A\n", "sheet.yaml:1: Không có mục nào tên “titel”. Có phải định viết “title”?"),
        ("level: xã\n", "sheet.yaml:1: Thiếu mục “title”. Hãy viết thêm “title: …”."),
        (
            "title: A\nlevel: huyện\n",
            "sheet.yaml:2: “level” không nhận giá trị “huyện”. Có thể dùng: tỉnh, xã.",
        ),
        (
            "title: A\nseal: maybe\n",
            "sheet.yaml:2: “maybe” không phải có hay không. Hãy viết yes hoặc no.",
        ),
        (
            "title: A\nday: 01/07/2025\n",
            "sheet.yaml:2: “01/07/2025” không phải một ngày. Hãy viết năm-tháng-ngày: 2025-07-01.",
        ),
        ("title: A\nday: 2025-02-30\n", "sheet.yaml:2: Không có ngày 2025-02-30 trong lịch."),
        ("title: A\ncount: 10\n", "sheet.yaml:2: “count: 10” lớn quá. Giá trị nhiều nhất là 9."),
        (
            "title: A\ncount: ba\n",
            "sheet.yaml:2: “count: ba” không phải số nguyên. Hãy viết số, ví dụ 3.",
        ),
        (
            "title: A\nsteps: [a]\n",
            "sheet.yaml:2: “steps” phải là một nhóm mục. Hãy viết các mục thụt vào bên dưới.",
        ),
    ],
)
def test_a_mistake_names_line_and_remedy(tmp_path, text, said):
    assert mistakes(tmp_path, text) == [said]


def test_a_duration_in_other_words_is_refused_with_the_words_to_use(tmp_path):
    (said,) = mistakes(tmp_path, "title: A\nsteps:\n  receive:\n    within: 4 tiếng\n")
    assert said.startswith("sheet.yaml:4: Không đọc được thời hạn “4 tiếng”.")
    assert "“5 ngày làm việc”" in said


def test_a_name_of_the_language_is_no_name_for_a_step(tmp_path):
    (said,) = mistakes(tmp_path, "title: A\nsteps:\n  item: {within: 1 ngày}\n")
    assert said.startswith("sheet.yaml:3: “item” là từ riêng của ngôn ngữ khai báo")


def test_every_mistake_of_a_file_is_said_at_once(tmp_path):
    found = mistakes(tmp_path, "title: A\nlevel: x\nseal: x\n")
    assert [line.split(":")[1] for line in found] == ["2", "3"]


def test_law_out_of_order_or_overlapping_is_refused(tmp_path):
    entry = "  - {{from: {}, value: a, source: Luật A{}}}\n"
    late = entry.format("2026-01-01", "") + entry.format("2025-01-01", "")
    assert "đứng sau giá trị từ 2026-01-01" in mistakes(tmp_path, f"title: A\nfee:\n{late}")[0]
    double = entry.format("2025-01-01", ", to: 2025-12-31") + entry.format("2025-06-01", "")
    assert "cùng có hiệu lực ngày 2025-06-01" in mistakes(tmp_path, f"title: A\nfee:\n{double}")[0]
    turned = entry.format("2025-06-01", ", to: 2025-01-01")
    assert "kết thúc trước khi bắt đầu" in mistakes(tmp_path, f"title: A\nfee:\n{turned}")[0]


def test_a_misspelt_name_finds_its_neighbour_whatever_the_marks():
    assert nearest("tieu de", ["tiêu đề", "mức"]) == "tiêu đề"
    assert nearest("zzz", ["title", "level"]) is None
