"""What a phone shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuaso.capabilities.messages.logic.wording import (
    HIDDEN,
    fill,
    for_phone,
    holes,
    masked,
    sms_parts,
)
from cuaso.kernel.errors import Invalid


def test_an_sms_has_no_diacritics() -> None:
    assert for_phone("Đã tiếp nhận hồ sơ “Đăng ký”… 5.000 ₫") == (
        'Da tiep nhan ho so "Dang ky"... 5.000 d'
    )


@pytest.mark.parametrize("number", ["052196000122", "052 196 000 122", "0521.9600.0122"])
def test_an_sms_never_holds_a_personal_number(number: str) -> None:
    assert for_phone(f"Ba {number}.") == f"Ba {HIDDEN}."


def test_a_dossier_code_is_no_personal_number() -> None:
    assert for_phone("H08.12.05-250701-0001") == "H08.12.05-250701-0001"


@pytest.mark.parametrize(("length", "parts"), [(0, 1), (160, 1), (161, 2), (306, 2), (307, 3)])
def test_parts_are_counted_as_networks_do(length: int, parts: int) -> None:
    assert sms_parts("a" * length) == parts


def test_some_letters_count_twice() -> None:
    assert sms_parts("[" * 80) == 1
    assert sms_parts("[" * 81) == 2


@given(st.text(max_size=300))
def test_any_text_becomes_ascii_that_a_phone_shows(text: str) -> None:
    plain = for_phone(text)
    assert plain.isascii()
    assert for_phone(plain) == plain


def test_filling_needs_every_name() -> None:
    with pytest.raises(Invalid) as refused:
        fill("{a} {b}", {"a": 1})
    assert "b" in refused.value.what
    assert fill("{a}", {"a": "{b}"}) == "{b}"


def test_a_lonely_brace_is_no_hole() -> None:
    with pytest.raises(ValueError, match="brace"):
        holes("a { b")


def test_an_address_is_masked() -> None:
    assert masked("lam@example.com") == "l***@example.com"
    assert masked("0900000122") == "***122"
    assert masked("") == ""
