"""A formula is read before anybody relies on it: what it gives, and that its numbers agree."""

import pytest

from cuaso.declarations.cel_kinds import Mixed, kind_of
from cuaso.declarations.expressions import BadExpression, Shape
from cuaso.declarations.fields import Field, formula

NAMES = {
    "n": Shape(kind="integer"),
    "d": Shape(kind="decimal"),
    "t": Shape(kind="text"),
    "b": Shape(kind="day"),
    "plot": Shape(kind="map", members={"area": Shape(kind="decimal")}),
}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("n + 2 * n", "integer"),
        ("d * 2 + 1.5", "decimal"),
        ("plot.area / 10000", "decimal"),
        ("n > 1 ? 1.0 : d", "decimal"),
        ("(n > 1 && !blank(t)) || false", "yes_no"),
        ('t + " x"', "text"),
        ("days_between(b, b) / 30", "integer"),
        ("least(d, 5.0)", "decimal"),
        ("percent(n, 2 * n)", "decimal"),
        ("percent(d, d + 1.0)", "decimal"),
        ("[1, 2].size()", "integer"),
        ("b", "day"),
        ("-n", "integer"),
    ],
)
def test_the_kind_of_a_formula_is_read_from_it(text, kind):
    assert kind_of(text, NAMES) == kind


@pytest.mark.parametrize(
    "text", ["n + d", "d * d", "n / d", "n > 1 ? 1 : d", "least(n, 1.0)", "percent(n, d)"]
)
def test_a_formula_that_mixes_scales_is_refused(text):
    with pytest.raises(Mixed):
        kind_of(text, NAMES)


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"is": "n + 1", "as": "text"}, "Công thức “n + 1” cho số nguyên, khai báo là text."),
        ({"is": "t", "as": "integer"}, "Công thức “t” cho chữ, khai báo là integer."),
        ({"is": "x + 1", "as": "integer"}, "Không có tên nào là “x”."),
        (
            {"is": "(n + n) * d + (n)", "as": "decimal"},
            "Công thức “(n + n) * d + (n)” trộn số nguyên với số thập phân quanh “+”.",
        ),
    ],
)
def test_a_formula_of_another_type_is_refused_at_its_declaration(keys, what):
    with pytest.raises(BadExpression) as caught:
        formula(Field.model_validate({"title": "Ô", **keys}), NAMES)
    assert caught.value.what == what
    assert caught.value.mend != ""
