"""A survey form made elsewhere becomes a draft of a registry; what is not taken is told by row."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from cuaso.declarations import xlsform
from cuaso.declarations.registries import Registry
from cuaso.declarations.xlsform import xpath
from cuaso.declarations.xlsform.xpath import Known, Untranslated
from cuaso.kernel.errors import Invalid

AROUND = {
    "owner": "so-nong-nghiep-va-moi-truong-gia-lai",
    "legal": [{"source": "Luật Thủy sản 18/2017/QH14", "unverified": "yes"}],
}
HEAD = [
    "type", "name", "label::Tiếng Việt (vi)", "label::English (en)", "hint", "required",
    "constraint", "constraint_message", "relevant", "calculation", "choice_filter",
]  # fmt: skip
Rows = Sequence[Sequence[str]]


def drafted(
    survey: Rows,
    choices: Rows = (),
    settings: Rows = (),
    *,
    head: Sequence[str] = HEAD,
    **more: Any,
) -> xlsform.Draft:
    sheets = {"survey": [head, *survey]}
    if choices:
        sheets["choices"] = [["list_name", "name", "label::vi", "label::en", "district"], *choices]
    if settings:
        sheets["settings"] = [["form_title", "form_id", "instance_name"], *settings]
    tables = {
        name: xlsform.Table.of(name, enumerate(rows, start=1)) for name, rows in sheets.items()
    }
    given: dict[str, Any] = {"codes": {}, **more}
    return xlsform.drafted(tables, around=AROUND, **given)


def question(kind: str, name: str, label: str, **said: str) -> list[str]:
    cells = {"type": kind, "name": name, HEAD[2]: label, **said}
    return [cells.get(column, "") for column in HEAD]


def told(draft: xlsform.Draft) -> list[tuple[str, int, str]]:
    return [(one.sheet, one.row, one.what) for one in draft.untaken]


def test_an_officer_brings_a_survey_of_ferries_and_its_questions_become_fields() -> None:
    draft = drafted(
        [
            question("text", "TenBen", "Tên bến", **{"label::English (en)": "Ferry"}),
            question(
                "integer", "so_ghe", "Số ghế", constraint=". >= 1 and . < 60", required="yes"
            ),
            question("decimal", "dai", "Chiều dài (m)", constraint=". > 2.5", required="no"),
            question(
                "text", "bien_so", "Biển số", constraint=r"regex(., '^BD-\d{4}$')",
                constraint_message="Hãy viết BD-1234.",
            ),
            question("date", "ngay", "Ngày khảo sát", constraint=". <= today()"),
            question("geopoint", "vi_tri", "Vị trí"),
            question("image", "anh", "Ảnh bến", required="no"),
            question("begin_group", "chu", "Chủ bến"),
            question("text", "ho_ten", "Họ tên"),
            question("text", "may", "Số máy", relevant="${so_ghe} > 12", hint="Số trên thân máy"),
            question("end_group", "", ""),
            question("begin_repeat", "thuyen", "Thuyền"),
            question("integer", "tai", "Tải trọng"),
            question("integer", "kem", "Tải kèm", constraint=". <= ${tai}"),
            question("end_repeat", "", ""),
            question("calculate", "hang", "Hạng", calculation="if(${so_ghe} > 30, 'I', 'II')"),
        ],
        settings=[["Khảo sát bến đò", "ben_do", "concat(${TenBen}, ' – ', ${bien_so})"]],
    )  # fmt: skip
    assert (draft.name, draft.title, draft.untaken) == ("ben_do", "Khảo sát bến đò", ())
    plain = draft.declared
    fields = plain["fields"]
    assert list(fields) == [
        "form_number", "ten_ben", "so_ghe", "dai", "bien_so", "ngay", "vi_tri", "anh", "ho_ten",
        "may", "hang",
    ]  # fmt: skip
    assert fields["ten_ben"] == {
        "title": "Tên bến",
        "title_en": "Ferry",
        "type": "text",
        "required": "no",
    }
    assert fields["so_ghe"] == {"title": "Số ghế", "type": "integer", "min": "1", "max": "59"}
    assert (fields["bien_so"]["pattern"], fields["bien_so"]["pattern_say"]) == (
        r"BD-\d{4}", "Hãy viết BD-1234.",
    )  # fmt: skip
    assert fields["ngay"]["not_after"] == "today"
    assert fields["may"]["when"] == "so_ghe > 12"
    assert fields["may"]["hint"] == "Số trên thân máy"
    assert fields["hang"]["is"] == "(so_ghe > 30 ? 'I' : 'II')"
    assert plain["rules"] == [
        {
            "check": "dai > 2.5",
            "say": "“Chiều dài (m)” chưa đúng điều kiện của biểu mẫu.",
            "at": "dai",
        }
    ]
    assert plain["groups"]["thuyen"]["rules"][0]["check"] == "item.kem <= item.tai"
    assert plain["parts"] == {"chu": {"title": "Chủ bến", "fields": ["ho_ten", "may"]}}
    assert plain["name"] == "{ten_ben} – {bien_so}"
    assert plain["maps"] == {"places": {"title": "Trên bản đồ", "at": "vi_tri"}}
    registry = Registry.model_validate(plain)
    assert registry.fields["form_number"].numbered
    assert not registry.fields["anh"].required


CHOICES = [
    ["huyen", "td", "Tây Sơn", "Tay Son", ""],
    ["huyen", "hn", "Hoài Nhơn", "Hoai Nhon", ""],
    ["xa", "x1", "Bình Tân", "", "td"],
    ["xa", "x2", "Bình Thuận", "", "td"],
    ["xa", "x3", "Hoài Hải", "", "hn"],
    ["co_khong", "yes", "Có", "Yes", ""],
    ["co_khong", "no", "Không", "No", ""],
]
CASCADE = [
    question("select_one huyen", "huyen", "Huyện"),
    question("select_one xa", "xa", "Xã", choice_filter="district=${huyen}"),
    question("select_one co_khong", "bao", "Có bảo hiểm"),
    question("text", "so", "Số bảo hiểm", relevant="selected(${bao}, 'yes')"),
]


def test_a_cascade_of_choices_becomes_rules_and_a_pack_brings_the_lists() -> None:
    draft = drafted(CASCADE, CHOICES, [["Khảo sát", "ks"]], new_lists=True)
    fields = draft.declared["fields"]
    assert draft.untaken == ()
    assert (fields["xa"]["type"], fields["xa"]["codes"]) == ("choice", "ks_xa")
    assert (fields["bao"]["type"], fields["so"]["when"]) == ("yes_no", "bao == true")
    assert [rule["check"] for rule in draft.declared["rules"]] == [
        "huyen != 'td' || xa in ['x1', 'x2']", "huyen != 'hn' || xa in ['x3']",
    ]  # fmt: skip
    assert {id: [one.code for one in lines] for id, lines in draft.lists.items()} == {
        "ks_huyen": ["td", "hn"], "ks_xa": ["x1", "x2", "x3"],
    }  # fmt: skip
    assert draft.lists["ks_huyen"][0].label_en == "Tay Son"


def test_a_list_that_the_province_has_is_used_and_one_that_it_lacks_is_told() -> None:
    draft = drafted(CASCADE, CHOICES, codes={"huyen": frozenset({"td", "hn", "ak"})})
    fields = draft.declared["fields"]
    assert (fields["huyen"]["type"], fields["huyen"]["codes"]) == ("choice", "huyen")
    assert fields["xa"] == {"title": "Xã", "type": "text", "required": "no"}
    assert draft.declared["rules"][0]["check"] == "xa in ['x1', 'x2', 'x3']"
    (missing,) = draft.untaken
    assert (missing.sheet, missing.row) == ("choices", 4)
    assert missing.what == (
        "Tỉnh chưa có danh mục “xa” (x1: Bình Tân; x2: Bình Thuận; x3: Hoài Hải); “Xã” tạm là ô "
        "chữ."
    )
    assert missing.mend.startswith("Hãy nhờ quản trị đưa danh mục vào gói dữ liệu")
    assert draft.lists == {}


def test_what_a_registry_cannot_take_is_told_by_sheet_and_row_with_a_remedy() -> None:
    draft = drafted(
        [
            question("start", "start", ""),
            question("text", "a", "Tên"),
            question("audio", "b", "Ghi âm"),
            question("note", "c", "Đọc lời này"),
            question("integer", "d", "Số", constraint="pulldata('x', 'y', 'z', ${a}) > 1"),
            question("text", "e", "Nơi", relevant="${khong_co} = '1'"),
            question("select_one thieu", "f", "Chọn"),
            question("text", "g", "Mẫu", constraint="regex(., '(a+)+b')"),
            question("integer", "h", "Cùng loại", constraint=". < ${a}"),
            question("begin_group", "z", "Không đóng"),
            question("text", "k", "Cuối"),
        ],
    )
    assert list(draft.declared["fields"]) == ["form_number", "a", "d", "e", "g", "h", "k"]
    rows = {row: what for sheet, row, what in told(draft) if sheet == "survey"}
    assert sorted(rows) == [0, 2, 4, 5, 6, 7, 8, 9, 10]
    assert rows[4] == "Kiểu “audio” của câu hỏi “b” không có ở sổ."
    assert rows[6] == "Ràng buộc của “d”: hàm pulldata()."
    assert rows[7] == "Điều kiện hiện của “e”: không có câu hỏi “khong_co” ở chỗ đọc được."
    assert rows[8] == "Không có danh mục “thieu” ở trang choices."
    assert "Mẫu lặp chồng lên nhau" in rows[9]
    assert rows[0] == "1 nhóm mở mà không đóng."
    assert all(one.mend for one in draft.untaken)
    assert "pattern" not in draft.declared["fields"]["g"]
    Registry.model_validate(draft.declared)


def test_a_form_of_hundreds_of_faults_is_read_in_a_few_rounds_and_each_is_told() -> None:
    draft = drafted(
        [
            question("text", f"q{number}", f"Câu {number}", constraint="regex(., '(a+)+b')")
            for number in range(150)
        ]
    )
    assert [one.row for one in draft.untaken] == list(range(2, 152))
    assert len(draft.declared["fields"]) == 151
    Registry.model_validate(draft.declared)


@pytest.mark.parametrize(
    ("sheets", "why"),
    [
        ({}, "Không có trang “survey”"),
        ({"survey": [["loại", "tên"], ["text", "a"]]}, "Không có trang “survey” với cột type"),
        ({"survey": [["type", "name"], ["note", "a"]]}, "Không câu hỏi nào"),
        ({"survey": [["type", "name"], *[["text", "a"]] * 401]}, "401 dòng, nhiều nhất 400"),
    ],
)
def test_a_workbook_that_is_no_form_is_refused_in_a_sentence(
    sheets: Mapping[str, Rows], why: str
) -> None:
    tables = {
        name: xlsform.Table.of(name, enumerate(rows, start=1)) for name, rows in sheets.items()
    }
    with pytest.raises(Invalid) as refused:
        xlsform.drafted(tables, around=AROUND, codes={})
    assert why in refused.value.why


NAMES = {
    "n": Known("n", "integer"), "d": Known("d", "decimal"), "c": Known("c", "choice"),
    "m": Known("m", "multi_choice"), "y": Known("y", "yes_no"), "t": Known("t", "text"),
    "k": Known("k", "date"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${n} > 5 and ${d} <= 3", "(n > 5 && d <= 3.0)"),
        ("5 < ${n} or not(${c} = 1)", "(n > 5 || !(c == '1'))"),
        ("selected(${m}, 'a') and ${t} != ''", "(m.exists(c, c == 'a') && !blank(t))"),
        ("${y} = 'yes'", "y == true"),
        ("${k} >= date('2025-07-01')", "k >= day('2025-07-01')"),
        ("(${n} + 1) * 2 mod 3 = -1", "(((n + 1) * 2) % 3) == -1"),
        ("string-length(${t}) < 10", "size(t) < 10"),
        ("if(${n} = 1, ${d}, 2)", "(n == 1 ? d : 2.0)"),
    ],
)
def test_an_expression_is_said_as_a_registry_says_it(text: str, said: str) -> None:
    assert xpath.translated(text, NAMES).text == said


@pytest.mark.parametrize(
    "text",
    [
        "${n} = ${d}", "${n} > 1.5", "sum(${n})", "${x} = 1", "${t} = \"a'b\"", "${n} >", "((${n})",
        "../a = 1", "${t} + 1 = 2", "${k} > 'hôm qua'", "(" * 40 + "1" + ")" * 40, "position(..)",
    ],
)  # fmt: skip
def test_an_expression_that_a_registry_cannot_say_is_not_guessed(text: str) -> None:
    with pytest.raises(Untranslated):
        xpath.translated(text, NAMES)
