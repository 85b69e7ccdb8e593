"""KT-d5: the desk's papers with words as long as life makes them: in place, whole, signed."""

from functools import cache
from itertools import combinations

import pytest

from cuaso.capabilities.reports import api as reports
from tests.support.forms import BUSINESS, TEMPLATES, TOGETHER, long_data, papers, rows, steps
from tests.support.pdf import ink_of, pages_of, words_of

FORMS = sorted(path.stem for path in TEMPLATES.glob("*.typ") if path.stem != "slip")
TO_APPLICANTS = sorted(set(FORMS) - {"register", "fee_receipt"})
# Decree 30/2020/NĐ-CP, annex I: at least 30 and 15 mm for documents; the forms are narrower tables.
LEFT, RIGHT = 50, 44
# A sheet on its side is 595 points high; below its words stay 16 mm.
HIGH_FLIPPED, FOOT = 595.28, 44
DAY_OFF = (
    "Ngày nghỉ theo thông báo về việc hoán đổi ngày làm việc không tính vào thời hạn, ngày thứ"
)
QR = "Mã hồ sơ: H21.135.08-250701-10234\nMã TTHC: 1.012783\nĐịnh danh: 052196000122"


@cache
def usual(form: str) -> bytes:
    return drawn(form)


def drawn(form: str, **changed: object) -> bytes:
    return reports.render(template=TEMPLATES / f"{form}.typ", data=long_data(**changed), qr=QR)


@pytest.mark.parametrize("form", FORMS)
def test_a_long_paper_keeps_every_word_within_the_margins_and_none_on_another_KT_d5(form):
    words = words_of(usual(form))
    assert len(words) > 100
    assert [one.said for one in words if one.left < LEFT or one.right > one.wide - RIGHT] == []
    over = [(one.said, other.said) for one, other in combinations(words, 2) if one.covers(other)]
    assert over == []


@pytest.mark.parametrize("form", FORMS)
def test_the_qr_code_of_a_paper_stands_at_the_top_left_KT_d5(form):
    pdf = usual(form)
    assert ink_of(pdf, left=8, top=7, width=16, height=16) > 0.3
    assert ink_of(pdf, left=0, top=0, width=6, height=30) == 0
    assert ink_of(pdf, left=30, top=0, width=150, height=14) == 0


@pytest.mark.parametrize("form", TO_APPLICANTS)
def test_a_paper_names_whose_affair_it_is_who_came_and_who_applies_together_KT_d5(form):
    said = " ".join(pages_of(usual(form)))
    assert f"{BUSINESS} (người nộp: Võ Thị Hạ Lam); {'; '.join(TOGETHER)}" in said


GROWING = {
    "receipt": lambda count: {"papers": papers(count)},
    "control_sheet": lambda count: {"steps": steps(count)},
    "register": lambda count: {"rows": rows(count)},
    "supplement_request": lambda count: {"items": ["Bản rõ."] * count},
    "apology": lambda count: {"reason": "Bản mờ. " * 20 * count},
}
# The last words of a paper, and who signs it.
ENDS = {
    "receipt": ("Số lượng hồ sơ", "NGƯỜI NỘP HỒ SƠ"),
    "control_sheet": ("Phiếu lập lúc", "NGƯỜI LẬP PHIẾU"),
    "register": ("Sổ lập lúc", "NGƯỜI LẬP SỔ"),
    "supplement_request": ("Thời gian chờ bổ sung", "NGƯỜI TIẾP NHẬN HỒ SƠ"),
    "apology": ("Rất mong", "CHỦ TỊCH"),
}


@pytest.mark.parametrize("form", GROWING)
def test_no_page_holds_signatures_alone_however_long_the_paper_KT_d5(form):
    last, hand = ENDS[form]
    lengths = set()
    for count in range(1, 13):
        pages = pages_of(drawn(form, **GROWING[form](count)))
        lengths.add(len(pages))
        assert last in pages[-1]
        assert hand in pages[-1]
    assert len(lengths) > 1


@pytest.mark.parametrize("count", [1, 20, 80])
def test_a_control_sheet_keeps_a_long_reckoning_of_the_due_day_on_its_pages_KT_d5(count):
    told = [f"{DAY_OFF} {number}." for number in range(count)]
    pdf = drawn("control_sheet", steps=steps(6), due_steps=told)
    words = words_of(pdf)
    assert sum(one.said == "hoán" for one in words) == count
    assert [one.said for one in words if one.bottom > HIGH_FLIPPED - FOOT] == []
    last = pages_of(pdf)[-1]
    assert [end in last for end in ENDS["control_sheet"]] == [True, True]


def test_a_row_of_the_register_stands_whole_on_one_page_KT_d5():
    pages = pages_of(drawn("register", rows=rows(12)))
    assert len(pages) > 2
    for page in pages:
        begun = page.count("H21.135.08-250701-")
        # The last words of the longest cells.
        assert (page.count("góp vốn"), page.count("Quy Nhơn)")) == (begun, begun)


def test_a_receipt_without_papers_says_that_there_are_none_KT_d5():
    said = " ".join(pages_of(drawn("receipt", papers=[])))
    assert "Thành phần hồ sơ nộp: không có giấy tờ kèm theo." in said
    assert "nộp gồm" not in said
