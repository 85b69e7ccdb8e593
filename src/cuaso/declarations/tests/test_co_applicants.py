"""Who applies together is named by a path; a path that leads nowhere is found by packs check."""

import pytest

from cuaso.declarations import packs
from cuaso.declarations.tests.house import NAMES, copied, spoil

MARRIAGE = "civil-status/procedures/marriage.yaml"
DECLARED = "[groom.personal_number, bride.personal_number]"


def checked(folder):
    report = packs.check([folder / name for name in NAMES])
    return [str(error).removeprefix(f"{folder}/") for error in report.errors]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "[groom.personal_number, bride.personal_numbr]",
            "Tờ khai không có ô “bride.personal_numbr”. Có phải định viết “bride.personal_number”?",
        ),
        (
            "[bride.full_name]",
            (
                "Ô “bride.full_name” không giữ số định danh cá nhân. "
                "Hãy nêu ô có “type: code, number: personal”."
            ),
        ),
    ],
)
def test_a_writer_of_a_pack_names_a_wrong_field_of_a_co_applicant(tmp_path, written, said):
    folder = copied(tmp_path)
    line = spoil(folder / MARRIAGE, DECLARED, written)
    found = checked(folder)
    assert found == [f"{MARRIAGE}:{line}: {said}"]


def test_a_writer_of_a_pack_names_a_number_in_a_section_of_many_rows(tmp_path):
    folder = copied(tmp_path)
    spoil(folder / MARRIAGE, "    bride:\n", "    bride:\n      repeat: {min: 1, max: 2}\n")
    found = checked(folder)
    line = (folder / MARRIAGE).read_text().splitlines().index(f"co_applicants: {DECLARED}") + 1
    assert (
        f"{MARRIAGE}:{line}: Ô “bride.personal_number” nằm trong nhóm lặp lại, nên không chỉ "
        "đúng một người. Hãy nêu một ô ngoài nhóm lặp lại."
    ) in found
