"""Who signs for another agency, and limits by case: packs check proves both."""

import shutil

import pytest

from cuaso.declarations import packs
from cuaso.declarations.tests.house import NAMES, PACKS, spoil

LICENCE = "water-resources/procedures/drilling_licence.yaml"
FLOW = "water-resources/flows/drilling_licence.bpmn"
LIST = "forestry/procedures/forest_product_list.yaml"
WITH = (*NAMES, "water-resources", "forestry")
SIGNING = "signing:\n  agency: ubnd-tinh-gia-lai\n"


@pytest.fixture
def folder(tmp_path):
    for name in WITH:
        shutil.copytree(PACKS / name, tmp_path / name, ignore=shutil.ignore_patterns("data"))
    return tmp_path


def checked(folder):
    report = packs.check([folder / name for name in WITH])
    return [str(error).removeprefix(f"{folder}/") for error in report.errors]


def test_a_writer_who_names_no_signing_agency_learns_of_the_lane_that_needs_one(folder):
    text = (folder / LICENCE).read_text()
    begins = text.index("signing:\n")
    (folder / LICENCE).write_text(text[:begins] + text[text.index("flow: drilling_licence") :])
    (said,) = checked(folder)
    assert said.endswith(
        "Quy trình có làn của cơ quan ký mà thủ tục không nêu “signing”. "
        "Hãy thêm “signing: {agency: …, say: …}”, hoặc dùng làn lanh_dao, van_thu."
    )


def test_a_writer_who_lets_another_agency_sign_draws_the_step_in_its_lane(folder):
    spoil(folder / FLOW, "lanh_dao_ky", "lanh_dao_khac")
    spoil(folder / FLOW, "<bpmn:flowNodeRef>approve</bpmn:flowNodeRef>", "")
    found = checked(folder)
    line = (folder / LICENCE).read_text().splitlines().index("signing:") + 1
    assert (
        f"{LICENCE}:{line}: Cơ quan khác ký, nhưng bước “approve” không ở làn của cơ quan đó. "
        "Hãy đặt approve vào làn lanh_dao_ky, seal vào làn van_thu_ky."
    ) in found


def test_a_writer_of_a_case_that_reads_an_unknown_field_learns_where(folder):
    line = spoil(folder / LIST, 'when: origin.check == "verify"', 'when: origin.chek == "verify"')
    found = checked(folder)
    assert len(found) == 1
    assert found[0].startswith(f"{LIST}:{line}: ")
    assert found[0].endswith("Không có tên nào là “origin.chek”. Có phải định viết “check”?")


def test_a_case_without_a_limit_is_refused(folder):
    spoil(folder / LIST, 'when: origin.check == "verify", all: 3 ngày làm việc', "when: origin.qr")
    (said,) = checked(folder)
    assert "Thời hạn để trống." in said
