from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuaso.kernel.errors import Invalid
from cuaso.kernel.numbers import AgencyCode, PersonalNumber, TaxCode, tax_check_digit

two = st.integers(1, 99).map("{:02d}".format)
levels = st.lists(two, max_size=3).map(lambda rest: ("H08", *rest))


def test_a_personal_number_is_taken_apart():
    number = PersonalNumber.parse("052 196 000 123")
    assert number.text == "052196000123"
    assert number.place_code == "052"
    assert number.sex == "female"
    assert number.birth_year == 1996
    assert number.masked == "052•••••0123"


def test_the_fourth_digit_gives_century_and_sex():
    assert PersonalNumber.parse("052226000123").birth_year == 2026
    assert PersonalNumber.parse("052226000123").sex == "male"
    assert PersonalNumber.parse("052326000123").sex == "female"


def test_a_number_is_compared_with_what_was_declared():
    number = PersonalNumber.parse("052196000123")
    assert number.agrees_with(birth_date=date(1996, 5, 4), sex="female")
    assert not number.agrees_with(birth_date=date(1995, 5, 4))
    assert not number.agrees_with(sex="male")


@pytest.mark.parametrize(
    "text", ["", "05219600012", "0521960001234", "000196000123", "003196000123", "05219600012x"]
)
def test_a_personal_number_of_wrong_structure_is_refused(text):
    with pytest.raises(Invalid) as refusal:
        PersonalNumber.parse(text)
    assert refusal.value.code == "numbers.personal"
    assert text in refusal.value.what


def test_a_person_born_abroad_has_the_code_of_a_country():
    assert PersonalNumber.parse("232096000123").place_code == "232"


def test_a_tax_code_keeps_its_branch():
    branch = TaxCode.parse("0100109106-001")
    assert str(branch) == "0100109106-001"
    assert branch.head == TaxCode.parse("0100109106")
    assert str(branch.head) == "0100109106"


@given(st.integers(0, 10**9 - 1).map("{:09d}".format), st.integers(0, 9))
def test_only_the_check_digit_completes_nine_digits(nine, last):
    if tax_check_digit(nine) == last:
        assert TaxCode.parse(f"{nine}{last}").text == f"{nine}{last}"
    else:
        with pytest.raises(Invalid):
            TaxCode.parse(f"{nine}{last}")


def test_both_styles_name_one_agency():
    new, old = AgencyCode.parse("H08.12.05"), AgencyCode.parse("000.05.12.H08")
    assert new == old
    assert str(old) == "H08.12.05"
    assert new.old_style == "000.05.12.H08"
    assert AgencyCode.parse("000.00.00.H55").levels == ("H55",)


@given(levels)
def test_an_agency_code_survives_the_earlier_style(parts):
    code = AgencyCode(parts)
    assert AgencyCode.parse(str(code)) == code
    assert code.old_style is not None
    assert AgencyCode.parse(code.old_style) == code


def test_a_code_knows_what_it_belongs_to():
    code = AgencyCode.parse("H08.12.05")
    assert code.parent == AgencyCode.parse("H08.12")
    assert code.is_under(AgencyCode.parse("H08"))
    assert not AgencyCode.parse("H21.12").is_under(AgencyCode.parse("H08"))
    assert AgencyCode.parse("H55.242").old_style is None


@pytest.mark.parametrize("text", ["", "12.05", "H8.12", "001.00.12.H08", "H08.00.05", "H08.1.2"])
def test_an_agency_code_of_no_style_is_refused(text):
    with pytest.raises(Invalid) as refusal:
        AgencyCode.parse(text)
    assert refusal.value.code == "numbers.agency"
