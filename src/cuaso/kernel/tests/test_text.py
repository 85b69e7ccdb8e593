import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuaso.kernel.text import (
    closeness,
    fold,
    matches,
    nfc,
    normalise_name,
    sort_key,
    spelling,
    words,
)

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
vietnamese = st.lists(
    st.text(st.sampled_from(LETTERS), min_size=1, max_size=6).flatmap(
        lambda word: st.sampled_from(TONES).map(lambda tone: nfc(word[:1] + tone + word[1:])),
    ),
    max_size=5,
).map(" ".join)


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_the_two_encodings_fold_and_sort_the_same(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert fold(decomposed) == fold(nfc(text))
    assert sort_key(decomposed) == sort_key(nfc(text))


def test_folding_drops_marks_and_bars():
    assert fold("  Đặng  Thị QUỲNH\tHương ") == "dang thi quynh huong"
    assert fold("Ủy ban nhân dân xã Tuy Phước") == "uy ban nhan dan xa tuy phuoc"
    assert words("Võ Thị Hạ-Lam, 2026") == ("vo", "thi", "ha", "lam", "2026")


@pytest.mark.parametrize(
    ("old", "new"),
    [("hoà", "hòa"), ("Thuý", "Thúy"), ("uỷ ban", "ủy ban"), ("KHOẺ", "khỏe"), ("toả", "tỏa")],
)
def test_old_and_new_tone_placement_are_one_spelling(old, new):
    assert spelling(old) == spelling(new)
    assert sort_key(old) == sort_key(new)


def test_another_tone_is_another_spelling():
    assert spelling("hoà") != spelling("hoa")
    assert spelling("hoà") != spelling("hoá")
    assert spelling("bân") != spelling("bần")


def test_names_stand_in_dictionary_order():
    ordered = [
        "an", "ăn", "ân", "ba", "ba con", "bà", "bả", "bã", "bá", "bạ", "ban", "băng",
        "ca", "dân", "đa", "đá", "ê", "hoa", "Hoà", "Hòa Bình", "phường 2", "phường 10",
        "tư", "ưu",
    ]  # fmt: skip
    shuffled = ordered[::-1]
    assert sorted(shuffled, key=sort_key) == ordered


@given(vietnamese, vietnamese)
def test_keys_are_ordered_the_same_in_bytes(one, other):
    first, second = sort_key(one), sort_key(other)
    assert (first < second) == (first.encode() < second.encode())


@given(vietnamese)
def test_a_prefix_without_marks_finds_the_text(text):
    for word in fold(text).split():
        assert matches(word[:2], text)


def test_closeness_prefers_the_marks_that_were_typed():
    assert closeness("má", "Má tôi") == 2
    assert closeness("má", "Mả cũ") == 1
    assert closeness("ma", "Má tôi") == 1
    assert closeness("cha", "Má tôi") == 0


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("NGUYỄN  THỊ HOÀ", "Nguyễn Thị Hoà"),
        ("trần văn đức", "Trần Văn Đức"),
        ("Lê Thị Minh An", "Lê Thị Minh An"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
    ],
)
def test_a_name_is_stored_in_one_way(typed, stored):
    assert normalise_name(typed) == stored


def test_numbers_of_any_length_have_a_key():
    assert sort_key("9" * 5000) > sort_key("9" * 4999)
