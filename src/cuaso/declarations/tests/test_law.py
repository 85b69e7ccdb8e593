"""Law asked for a day answers with value, source and whether anyone verified it."""

from datetime import date

import pytest

from cuaso.declarations.law import Dated, unverified_in
from cuaso.kernel.errors import NotFound

FORMS = Dated[str].model_validate(
    [
        {
            "from": "2019-01-06",
            "to": "2025-06-30",
            "value": "Mẫu số 01, TT 01/2018",
            "source": "Thông tư 01/2018/TT-VPCP",
        },
        {
            "from": "2025-07-01",
            "value": "Mẫu số 01, TT 03/2025",
            "source": "Thông tư 03/2025/TT-VPCP",
            "unverified": "yes",
        },
    ]
)


@pytest.mark.parametrize(
    ("day", "value", "unverified"),
    [
        (date(2019, 1, 6), "Mẫu số 01, TT 01/2018", False),
        (date(2025, 6, 30), "Mẫu số 01, TT 01/2018", False),
        (date(2025, 7, 1), "Mẫu số 01, TT 03/2025", True),
        (date(2099, 1, 1), "Mẫu số 01, TT 03/2025", True),
    ],
)
def test_the_last_day_of_a_regime_belongs_to_it(day, value, unverified):
    found = FORMS.on(day)
    assert (found.value, found.unverified) == (value, unverified)


def test_a_day_without_law_is_refused_in_words():
    with pytest.raises(NotFound) as caught:
        FORMS.on(date(2018, 12, 31))
    assert caught.value.code == "law.nothing_in_force"
    assert caught.value.what == "Không có quy định nào có hiệu lực ngày 31/12/2018."
    assert FORMS.find(date(2018, 12, 31)) is None


def test_an_open_end_lasts_until_the_next_value_begins():
    law = Dated[str].model_validate(
        [
            {"from": "2020-01-01", "value": "a", "source": "Luật A"},
            {"from": "2021-01-01", "value": "b", "source": "Luật B"},
        ]
    )
    assert law.on(date(2020, 12, 31)).value == "a"
    assert law.on(date(2021, 1, 1)).value == "b"


def test_unverified_values_are_counted_wherever_they_stand():
    assert FORMS.unverified == 1
    assert unverified_in({"a": [FORMS, FORMS], "b": "text"}) == 2
