"""A rule in CEL: declared names only, exact decimals, failures in words."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuaso.declarations import expressions
from cuaso.declarations.expressions import BadExpression, Shape, Undecided, compile
from cuaso.kernel.clock import VIETNAM
from cuaso.kernel.errors import Refusal

NAMES = {
    "child": Shape(
        kind="map",
        members={
            "name": Shape(kind="text"),
            "birth_date": Shape(kind="day"),
            "weight": Shape(kind="decimal"),
            "visits": Shape(kind="integer"),
        },
    ),
    "papers": Shape(kind="list", members={"pages": Shape(kind="integer")}),
    "today": Shape(kind="day"),
    "decision": Shape(),
}
VALUES = {
    "child": {"name": "An", "birth_date": date(2026, 1, 2), "weight": Decimal("3.1"), "visits": 4},
    "papers": [{"pages": 3}, {"pages": 1}],
    "today": date(2026, 3, 1),
    "decision": "approve",
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('decision == "approve"', True),
        ("child.weight >= 3.1", True),
        ("child.weight + 0.2 == 3.3", True),
        ("days_between(child.birth_date, today) <= 60", True),
        ("years_between(day('2000-03-02'), today)", 25),
        ("papers.exists(p, p.pages > 2)", True),
        ("papers.all(p, p.pages > 2)", False),
        ("size(papers)", 2),
        ("child.birth_date < today", True),
        ("child.birth_date.getFullYear()", 2026),
        ("least(2, 5) * 1000 + greatest(3 - 2, 0)", 2001),
        ("blank(child.name)", False),
        ('child.name == "x.y" ? 1 : 2', 2),
        ("child.weight * 2 >= 6.2", True),
        ("child.weight * 2 > 6.2", False),
        ("child.visits * 1.5 == 6.0", True),
        ("child.weight * child.visits == 12.4", True),
        ("child.weight / 2 == 1.55", True),
        ("child.weight % 2.0 == 1.1", True),
        ("child.weight in [3.1, 4.0]", True),
        ("papers.exists(p, p.pages * 1.5 > 4.0)", True),
    ],
)
def test_an_expression_gives_its_value(text, answer):
    assert compile(text, NAMES).evaluate(VALUES) == answer


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        (
            "chidl.name == 'a'",
            "Không có tên nào là “chidl”.",
            "Có phải định viết “child”?",
        ),
        (
            "child.brith_date < today",
            "Không có tên nào là “child.brith_date”.",
            "Có phải định viết “birth_date”?",
        ),
        (
            "papers.exists(p, p.page > 2)",
            "Không có tên nào là “p.page”.",
            "Có phải định viết “pages”?",
        ),
        (
            "days_betwen(today, today) > 1",
            "Không có hàm nào tên “days_betwen”.",
            "Có phải định viết “days_between”?",
        ),
        (
            "child.weight >= 3",
            "Biểu thức so một số thập phân với một số nguyên quanh dấu “>=”.",
            "Hãy viết số có dấu chấm, ví dụ 15.0.",
        ),
        (
            "child.weight * child.weight > 1.0",
            "Không nhân hay chia hai số thập phân.",
            "Hãy dùng số nguyên.",
        ),
        (
            "percent(child.weight, 3) > 1.0",
            (
                "Biểu thức “percent(child.weight, 3) > 1.0” trộn số nguyên với số thập phân"
                " quanh “percent”."
            ),
            "Hãy tính tỷ lệ của hai số cùng loại.",
        ),
        (
            "child.weight * child.visits >= 12",
            "Biểu thức so một số thập phân với một số nguyên quanh dấu “>=”.",
            "Hãy viết số có dấu chấm, ví dụ 15.0.",
        ),
        (
            "(child.weight) > 3",
            "Biểu thức so một số thập phân với một số nguyên quanh dấu “>”.",
            "Hãy viết số có dấu chấm, ví dụ 15.0.",
        ),
        (
            "child.visits * 1.5 + child.visits > 3.0",
            "Biểu thức tính một số thập phân với một số nguyên quanh dấu “+”.",
            "Hãy viết số có dấu chấm, ví dụ 15.0.",
        ),
        (
            "child.weight % 2 == 1.1",
            "Biểu thức tính một số thập phân với một số nguyên quanh dấu “%”.",
            "Hãy viết số có dấu chấm, ví dụ 15.0.",
        ),
        (
            "child.weight in [3, 4]",
            "Biểu thức so một số thập phân với một số nguyên quanh dấu “in”.",
            "Hãy viết số có dấu chấm, ví dụ 15.0.",
        ),
        (
            "papers.exists(p, child.weight * p.pages > 4)",
            "Biểu thức so một số thập phân với một số nguyên quanh dấu “>”.",
            "Hãy viết số có dấu chấm, ví dụ 15.0.",
        ),
        (
            "(child.weight + 1.0) * child.weight > 1.0",
            "Không nhân hay chia hai số thập phân.",
            "Hãy dùng số nguyên.",
        ),
        (
            "child.visits / child.weight > 1",
            "Không chia số nguyên cho số thập phân.",
            "Hãy viết thành phép nhân: thay cho a / b >= 2 là b * 2 <= a * 1.0.",
        ),
        (
            "int(child.weight) > 3",
            "Không đổi số thập phân bằng int(…).",
            "Hãy so sánh thẳng với số có dấu chấm, ví dụ 15.0.",
        ),
        (
            'child.name + child.visits == "An4"',
            (
                'Biểu thức “child.name + child.visits == "An4"” ghép hai giá trị không cùng kiểu'
                " quanh “+”."
            ),
            "Hãy để hai bên cùng là số, cùng là chữ hoặc cùng là ngày.",
        ),
        (
            "child.weight > 1.0 b",
            "Biểu thức “child.weight > 1.0 b” viết sai.",
            "Hãy xem lại ngoặc, dấu nháy và phép so sánh (==, &&, ||, !).",
        ),
        ("child.weight > 0.1234567", "Số 0.1234567 có quá 6 chữ số thập phân.", "Hãy làm tròn."),
        (
            "a b",
            "Biểu thức “a b” viết sai ở ký tự thứ 3.",
            "Hãy xem lại ngoặc, dấu nháy và phép so sánh (==, &&, ||, !).",
        ),
        ("   ", "Biểu thức để trống.", "Hãy viết điều kiện hoặc xoá mục này."),
        ("tuổi > 3", "Biểu thức có ký tự “ổ” không đọc được.", "Tên viết không dấu: birth_date."),
        ("(" * 13 + "1" + ")" * 13, "Biểu thức lồng quá sâu.", "Hãy tách thành nhiều luật ngắn."),
        ("!" * 13 + "true", "Biểu thức lồng quá sâu.", "Hãy tách thành nhiều luật ngắn."),
        ("1" + " + 1" * 300, "Biểu thức dài quá 1000 ký tự.", "Hãy tách thành nhiều luật."),
        ("1" + "+1" * 200, "Biểu thức lồng quá sâu.", "Hãy tách thành nhiều luật ngắn."),
    ],
)
def test_a_bad_expression_is_refused_before_it_runs(text, what, mend):
    with pytest.raises(BadExpression) as caught:
        compile(text, NAMES)
    assert (caught.value.what, caught.value.mend) == (what, mend)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("size(child.name)", 8),
        ("child.name.size()", 8),
        ("size('Tuy Phước') == 9", True),
        ("papers.all(p, size(p.title) == 7)", True),
        ("papers.filter(p, p.title.size() == 7).size()", 2),
        ("size([1, 2])", 2),
        ("size({'a': 1})", 1),
        ("size(child)", 2),
        ("sizes.size == 3", True),
    ],
)
def test_a_length_is_how_many_characters_a_reader_counts(text, answer):
    text_ = Shape(kind="text")
    names = {
        "child": Shape(kind="map", members={"name": text_, "nick": text_}),
        "papers": Shape(kind="list", members={"title": text_}),
        "sizes": Shape(kind="map", members={"size": Shape(kind="integer")}),
    }
    values = {
        "child": {"name": "Quy Nhơn"},
        "papers": [{"title": "Đơn nộp"}, {"title": "Tờ khai"}],
        "sizes": {"size": 3},
    }
    assert compile(text, names).evaluate(values) == answer


def test_the_length_of_nothing_leaves_a_condition_unknown(capfd):
    names = {"code": Shape(kind="text")}
    for text in ("size(code) == 12", "code.size() > 3"):
        assert compile(text, names).holds({"code": None}, unknown=True)
        assert not compile(text, names).holds({"code": None}, unknown=False)
    assert compile("blank(code) || size(code) == 12", names).holds({"code": None}, unknown=False)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1 / 0 > 1", "chia cho 0"),
        ("9223372036854775807 + 1 > 1", "cho số quá lớn"),
        ("papers[5].pages > 1", "đọc một mục không có"),
        ("decision > 1", "không cùng kiểu hoặc còn trống"),
    ],
)
def test_what_cannot_be_decided_is_said_in_words(text, why):
    with pytest.raises(Undecided) as caught:
        compile(text, NAMES).evaluate(VALUES)
    assert caught.value.code == "expressions.undecided"
    assert why in caught.value.what


def test_a_missing_value_leaves_a_condition_unknown_unless_another_part_decides():
    nothing: dict[str, object] = {}
    assert not compile("child.birth_date < today", NAMES).holds(nothing, unknown=False)
    assert compile("child.birth_date < today", NAMES).holds(nothing, unknown=True)
    decided = 'child.birth_date < today || decision == "approve"'
    assert compile(decided, NAMES).holds({"decision": "approve"}, unknown=False)
    assert compile("blank(child.birth_date)", NAMES).holds(nothing, unknown=False)


def test_a_condition_that_is_no_yes_or_no_is_refused_when_asked():
    with pytest.raises(Undecided) as caught:
        compile("size(papers)", NAMES).holds(VALUES, unknown=False)
    assert caught.value.what == "Biểu thức “size(papers)” không trả lời có hay không."


def test_names_given_as_a_list_are_bound_and_others_are_not():
    assert compile("decision == 'x'", {"decision"}).paths == (("decision",),)
    assert compile("decision == 'x'", ["decision"]).evaluate({}) is False


def test_a_moment_late_in_the_hanoi_evening_is_the_same_legal_day():
    late = datetime(2026, 3, 1, 0, 30, tzinfo=VIETNAM)
    value = compile("days_between(decision, today)", NAMES).evaluate({**VALUES, "decision": late})
    assert value == 0


@given(
    left=st.decimals(min_value=-(10**6), max_value=10**6, places=2),
    right=st.decimals(min_value=-(10**6), max_value=10**6, places=2),
)
def test_decimals_compare_as_decimals_do(left, right):
    names = {"a": Shape(kind="decimal"), "b": Shape(kind="decimal")}
    values = {"a": left, "b": right}
    assert compile("a < b", names).evaluate(values) is (left < right)
    assert compile("a == b", names).evaluate(values) is (left == right)
    scaled = compile("a + b", names).evaluate(values)
    assert scaled == int((left + right) * expressions.SCALE)


@pytest.mark.parametrize(
    ("part", "whole", "per_cent"),
    [
        (7, 8, "87.5"),
        (1, 3, "33.333333"),
        (2, 3, "66.666667"),
        (0, 5, "0"),
        (Decimal("68.0"), Decimal("85.5"), "79.532164"),
        (86_000_000_000_000, 43_000_000_000, "200000"),
    ],
)
def test_a_part_is_so_many_per_cent_of_its_whole(part, whole, per_cent):
    shape = Shape(kind="decimal") if isinstance(part, Decimal) else Shape(kind="integer")
    values = {"a": part, "b": whole}
    scaled = compile("percent(a, b)", {"a": shape, "b": shape}).evaluate(values)
    assert scaled == int(Decimal(per_cent) * expressions.SCALE)


def test_nothing_has_no_per_cent():
    names = {"a": Shape(kind="integer"), "b": Shape(kind="integer")}
    assert compile("percent(a, b)", names).evaluate({"a": 3, "b": 0}) is None


@settings(max_examples=300)
@given(text=st.text(alphabet="abchild.nm()[]{}!-+*/<>=&|?:,'\" 0123456789xtrue\\\n", max_size=60))
def test_whatever_is_typed_gives_a_value_or_a_refusal(text):
    said = "."
    try:
        compile(text, NAMES).evaluate(VALUES)
    except Refusal as refusal:
        said = refusal.what
    assert said.endswith(".")
