import pytest

from cuaso.foundation.directory import api
from cuaso.kernel.errors import Invalid


def names(code: str) -> list[str]:
    return [one.name for one in api.agency_heirs(code)]


def test_a_code_of_today_stands_for_itself(province):
    assert names("H21.102") == ["Ủy ban nhân dân phường Quy Nhơn"]


def test_the_code_of_an_abolished_committee_in_either_style_stands_for_its_successor(province):
    assert names("H08.50.09") == ["Ủy ban nhân dân phường Quy Nhơn"]
    assert names("000.09.50.H08") == names("H08.50.09")


def test_a_code_that_nobody_bore_stands_for_nobody_and_nonsense_is_refused(province):
    assert api.agency_heirs("H99.01") == ()
    with pytest.raises(Invalid):
        api.agency_heirs("xã nào đó")


@pytest.mark.parametrize(
    ("code", "today"),
    [
        ("21583", ["21583"]),
        ("21556", ["21583"]),
        ("21634", ["21622", "21628"]),
        ("00000", []),
        ("52", []),
    ],
)
def test_a_place_stands_for_itself_or_for_what_it_became(province, code, today):
    assert sorted(one.code for one in api.place_heirs(code, "commune")) == today
