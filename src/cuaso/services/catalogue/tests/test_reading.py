"""The readers of flattened columns: what they read, and that they never guess."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuaso.kernel.text import nfc
from cuaso.services.catalogue.contracts import (
    Channel,
    ComponentGroup,
    ComponentLine,
    Fee,
    LegalBasis,
    ResultLine,
    Share,
    Step,
    TimeLimit,
)
from cuaso.services.catalogue.logic.reading import channels, components, laws, lists, results, steps
from cuaso.services.catalogue.logic.reading import record as reader
from cuaso.services.catalogue.tests.exports import real_records

PIECES = (
    "Trực tiếp",
    "Trực tuyến",
    "Dịch vụ bưu chính",
    "5 Ngày làm việc",
    "7 Ngày",
    "12",
    "Không có thông tin",
    "Miễn phí",
    "50,000 Việt Nam Đồng",
    "20 VNĐ",
    "10 USD",
    "(10.000 đồng/hồ sơ)",
    "(",
    ")",
    components.HEADER,
    "1 bản chính",
    ",1 bản sao",
    "NA5.doc",
    "47/2014/QH13",
    "Luật ",
    "Mã: KQ.G01.00263",
    "Từ khóa",
    "Mô tả",
    "\n",
    " ",
    "Đơn đề nghị",
)
EXCERPT_SHARES = {
    "cấp": Share(read=34),
    "đối tượng": Share(read=72),
    "thời hạn": Share(read=47, absent=2, unread=15),
    "phí, lệ phí": Share(read=52, absent=10, unread=2),
    "giấy tờ và số bản": Share(read=106, unread=3),
    "tệp mẫu": Share(read=10, absent=90, unread=6),
    "văn bản": Share(read=104, unread=8),
    "mã kết quả": Share(read=30, unread=1),
}
EXCERPT_WITH_UNREAD = 20
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=30).map("".join),
)


def way(method="Trực tiếp", **other):
    return Channel(**{"method": method, "time": None, "fee": None, **other})


def test_a_reader_finds_each_way_with_its_time_fee_note_and_remark():
    found = channels.read(
        f"{channels.HEADER}Trực tiếp5 Ngày làm việc50,000 Việt Nam Đồng(50.000đ/giấy (bản))"
        "Nộp Trực tiếp tại trụ sở.Trực tuyến7 NgàyMiễn phíDịch vụ bưu chính6 Tháng10 USD"
    )
    assert found.items == (
        way(
            time=TimeLimit(amount=5, unit="working_day"),
            fee=Fee(
                kind="amount", amount_vnd=50_000, said="50.000 đồng", note="50.000đ/giấy (bản)"
            ),
            note="Nộp Trực tiếp tại trụ sở.",
        ),
        way(
            "Trực tuyến",
            time=TimeLimit(amount=7, unit="day"),
            fee=Fee(kind="free", said="Miễn phí"),
        ),
        way(
            "Dịch vụ bưu chính",
            time=TimeLimit(amount=6, unit="month"),
            fee=Fee(kind="amount", said="10 USD"),
        ),
    )
    assert found.unread == ()
    assert found.shares == {"thời hạn": Share(read=3), "phí, lệ phí": Share(read=3)}


def test_a_time_without_its_unit_is_kept_as_it_stands():
    found = channels.read(f"{channels.HEADER}Trực tiếp1Miễn phí")
    assert found.items == (way(time_text="1", fee=Fee(kind="free", said="Miễn phí")),)
    assert [(miss.text, "không có đơn vị" in miss.reason) for miss in found.unread] == [
        ("Trực tiếp: 1", True)
    ]
    assert found.shares["thời hạn"] == Share(unread=1)


def test_a_time_that_ran_into_an_amount_gives_neither():
    found = channels.read(f"{channels.HEADER}Trực tuyến120 VNĐ(20.000 đ/tờ khai)")
    assert found.items == (way("Trực tuyến", time_text="120 VNĐ (20.000 đ/tờ khai)"),)
    assert [miss.text for miss in found.unread] == ["Trực tuyến: 120 VNĐ (20.000 đ/tờ khai)"]
    assert found.shares == {"thời hạn": Share(unread=1), "phí, lệ phí": Share(unread=1)}


def test_what_a_record_does_not_give_is_absent_and_not_unread():
    found = channels.read(f"{channels.HEADER}Trực tiếpKhông có thông tinKhông có thông tin(1) Nộp")
    assert found.items == (way(note="(1) Nộp"),)
    assert found.unread == ()
    assert found.shares == {"thời hạn": Share(absent=1), "phí, lệ phí": Share(absent=1)}


@pytest.mark.parametrize(
    ("fee", "reason"),
    [
        ("50 VNĐ", "dưới 1.000 đồng"),
        ("5,00 VNĐ", "không theo cách viết hàng nghìn"),
        ("1,000.000 VNĐ", "không theo cách viết hàng nghìn"),
    ],
)
def test_an_amount_that_may_mean_another_is_not_read(fee, reason):
    found = channels.read(f"{channels.HEADER}Trực tiếp3 Ngày làm việc{fee}")
    assert found.items[0].fee is None
    assert found.items[0].fee_text == fee
    assert reason in found.unread[0].reason


def test_a_note_that_says_another_amount_is_told():
    found = channels.read(
        f"{channels.HEADER}Trực tiếp3 Ngày làm việc1,000,000 VNĐ(Áp dụng mức 500.000 đồng)"
    )
    fee = found.items[0].fee
    assert fee is not None
    assert fee.amount_vnd == 1_000_000
    assert [miss.reason for miss in found.unread] == [
        "Ghi chú của khoản phí nêu số tiền khác với cột phí."
    ]


def test_a_note_that_adds_up_to_the_amount_is_no_doubt():
    found = channels.read(
        f"{channels.HEADER}Trực tiếp3 Ngày làm việc4,500,000 VNĐ"
        "(gồm 3.000.000 đồng và 1.500.000 đồng)"
    )
    assert found.unread == ()


def test_a_reader_finds_papers_by_case_with_templates_and_copies():
    found = components.read(
        f"--{components.HEADER}Đơn xin thường trú;NA12.doc1 bản chínhHộ chiếu0 bản chính,1 bản sao"
        f"* Trường hợp gia hạn:{components.HEADER}Giấy tờ: nộp 01 bản chính1 bản sao"
    )
    assert found.items == (
        ComponentGroup(
            caption="",
            lines=(
                ComponentLine(
                    name="Đơn xin thường trú;", template="NA12.doc", originals=1, copies=0
                ),
                ComponentLine(name="Hộ chiếu", originals=0, copies=1),
            ),
        ),
        ComponentGroup(
            caption="* Trường hợp gia hạn",
            lines=(ComponentLine(name="Giấy tờ: nộp 01 bản chính", originals=0, copies=1),),
        ),
    )
    assert found.unread == ()


def test_a_row_that_begins_with_a_count_of_its_own_stays_a_row():
    found = components.read(
        f"--{components.HEADER}Giấy cũ.1 bản chính,1 bản sao01 bản sao giấy khai sinh0 bản chính"
    )
    assert found.items[0].lines == (
        ComponentLine(name="Giấy cũ.", originals=1, copies=1),
        ComponentLine(name="01 bản sao giấy khai sinh", originals=0, copies=0),
    )


def test_a_count_that_ran_into_a_number_is_read_after_a_date_only():
    found = components.read(
        f"--{components.HEADER}Đơn theo Mẫu số 181 bản chínhTờ khai ngày 01/01/20262 bản chính"
    )
    assert found.items[0].lines == (
        ComponentLine(name="Đơn theo Mẫu số 18" + "1"),
        ComponentLine(name="Tờ khai ngày 01/01/2026", originals=2, copies=0),
    )
    assert [miss.text for miss in found.unread] == ["Đơn theo Mẫu số 181 bản chính"]


def test_a_template_whose_beginning_is_not_certain_is_not_cut_off():
    found = components.read(f"--{components.HEADER}Đơn theo mẫuMus04.docxMus05.docx1 bản chính")
    assert found.items[0].lines[0].name == "Đơn theo mẫuMus04.docxMus05.docx"
    assert found.items[0].lines[0].template == ""
    assert "không chắc bắt đầu ở đâu" in found.unread[0].reason


def test_a_reader_finds_documents_with_their_numbers():
    found = laws.read(
        f"{laws.HEADER}Luật Nhập cảnhLuật 47/2014/QH13Luật 51/2019/QH1451/2019/QH14"
        "QUY ĐỊNH MỨC THU25/2021/TT-BTCLuật số 43/2024/QH15 ngày 29/6/202443/2024/QH15"
    )
    assert found.items == (
        LegalBasis(title="Luật Nhập cảnh", number="47/2014/QH13"),
        LegalBasis(title="Luật 51/2019/QH14", number="51/2019/QH14"),
        LegalBasis(title="QUY ĐỊNH MỨC THU", number="25/2021/TT-BTC"),
        LegalBasis(title="Luật số 43/2024/QH15 ngày 29/6/2024", number="43/2024/QH15"),
    )
    assert found.unread == ()


@pytest.mark.parametrize(
    "row", ["Luật Cư trú 202068/2020/QH14", "Luật số 32/2024/QH1561/2025/TT-NHNN", "Thông tư"]
)
def test_a_document_whose_number_is_not_certain_stays_as_it_stands(row):
    found = laws.read(f"{laws.HEADER}{row}")
    assert found.items == (LegalBasis(title=row),)
    assert [miss.text for miss in found.unread] == [row]


def test_a_reader_finds_results_and_leaves_the_portals_buttons_out():
    found = results.read(
        "Thẻ thường trúMã: KQ.G01.000088Giấy báoMã: KQ.G01.00026Từ khóaKhông có thông tin"
        "Mô tảKhông có thông tinChọn cơ quan thực hiệnTỉnh/ Thành phốBộ ngànhNộp hồ sơ"
    )
    assert found.items == (
        ResultLine(title="Thẻ thường trú", code="KQ.G01.000088"),
        ResultLine(title="Giấy báo", code="KQ.G01.00026"),
    )
    assert found.unread == ()


def test_a_reader_takes_names_that_hold_commas_whole():
    found = lists.read(
        "Cán bộ, công chức, viên chức, Tổ chức (không bao gồm doanh nghiệp, HTX), Người sao Hỏa",
        known=lists.AUDIENCES,
        column="Đối tượng thực hiện",
        name="đối tượng",
    )
    assert found.items == (
        "Cán bộ, công chức, viên chức",
        "Tổ chức (không bao gồm doanh nghiệp, HTX)",
    )
    assert [miss.text for miss in found.unread] == ["Người sao Hỏa"]


def test_steps_begin_where_a_line_says_so():
    assert steps.read("Chuẩn bị\nBước 1: Nộp\n+ Kiểm tra\n\nBước 2. Nhận") == (
        Step(label="", lines=("Chuẩn bị",)),
        Step(label="Bước 1", lines=("Nộp", "+ Kiểm tra")),
        Step(label="Bước 2", lines=("Nhận",)),
    )


def test_the_real_excerpt_is_read_as_far_as_it_goes():
    shares: dict[str, Share] = {}
    with_unread = 0
    for record in real_records():
        reading = reader.read({name: nfc(said) for name, said in record.items()})
        with_unread += bool(reading.unread)
        for name, share in reading.shares.items():
            shares[name] = shares.get(name, Share()) + share
    assert shares == EXCERPT_SHARES
    assert with_unread == EXCERPT_WITH_UNREAD


@given(TEXTS)
def test_no_text_breaks_a_reader(text):
    record = dict.fromkeys(reader.AGENCIES, text)
    for column in (
        "cap_thuc_hien",
        "doi_tuong_thuc_hien",
        "cach_thuc_thuc_hien",
        "thanh_phan_ho_so",
        "can_cu_phap_ly",
        "ket_qua_xu_ly",
        "trinh_tu_thuc_hien",
        "yeu_cau_dieu_kien",
        "ministry",
    ):
        record[column] = text
    reading = reader.read(record)
    assert all(miss.column and miss.reason for miss in reading.unread)


@given(TEXTS)
def test_every_digit_of_an_amount_stands_in_the_text(text):
    plain = re.sub(r"[.,]", "", text)
    for found in channels.read(text).items:
        if found.fee and found.fee.amount_vnd is not None:
            assert str(found.fee.amount_vnd) in plain
        if found.time:
            assert str(found.time.amount) in text


@given(TEXTS)
def test_every_number_of_a_document_stands_in_the_text(text):
    for found in laws.read(text).items:
        assert found.number in text
        assert found.title in text


@given(TEXTS)
def test_every_name_of_a_paper_stands_in_the_text(text):
    for group in components.read(text).items:
        assert group.caption in text
        for line in group.lines:
            assert line.name in text
            assert line.template in text
