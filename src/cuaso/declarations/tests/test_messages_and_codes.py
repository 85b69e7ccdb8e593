"""Messages fill their blanks; code lists answer for a day; both say what an author got wrong."""

from datetime import date
from pathlib import Path

import pytest

from cuaso.declarations.codes import PackLists, read_folder
from cuaso.declarations.fields import Option
from cuaso.declarations.messages import CONTEXT, SMS_LIMIT, Message, placeholders, without_marks
from cuaso.declarations.tests.house import loaded
from cuaso.declarations.trouble import BadDeclaration

FILLED = {
    "applicant_name": "Lê Thị Mai",
    "procedure_title": "Thủ tục đăng ký khai sinh",
    "tracking_code": "ABCD2345",
    "dossier_code": "H21.12.05-260302-0001",
    "due_at_words": "17 giờ 00 ngày 02/03/2026",
    "reason": "Giấy chứng sinh mờ",
    "link": "https://cuaso.example.vn/ho-so/ABCD2345",
    "agency_name": "UBND phường Quy Nhơn",
}


def test_every_message_of_the_house_fits_an_sms_and_leaves_no_blank():
    messages = loaded()["one-stop"].messages
    assert {
        *("submitted", "received", "supplement_asked", "refused", "draft_ready"),
        *("waiting_outside", "result_ready", "delivered", "withdrawn"),
        *("paused", "resumed", "extended", "apology", "stopped", "transferred"),
        *("fee_asked", "fee_paid", "fee_refunded", "result_corrected", "result_revoked"),
    } <= set(messages)
    for message in messages.values():
        for language in ("vi", "en"):
            wording = message.render(language, FILLED)
            said = wording.subject + wording.body + wording.sms
            assert "{" not in said
            assert len(wording.sms) <= 160
            assert wording.sms.isascii()


def test_an_sms_without_diacritics_keeps_its_capitals():
    assert without_marks("Hồ sơ ĐÃ được “nhận” – Đặng") == 'Ho so DA duoc "nhan" - Dang'


def test_a_message_with_diacritics_is_sent_so_when_declared():
    text = {"subject": "Tiêu đề", "body": "Nội dung đủ dài để gửi.", "sms": "Đã nhận {link}"}
    message = Message.model_validate({"title": "Ví dụ", "sms_plain": "no", "vi": text, "en": text})
    assert message.render("vi", {"link": "x"}).sms == "Đã nhận x"
    assert message.render("vi", {}).sms == "Đã nhận"
    assert len(message.render("vi", {"link": "x" * 999}).sms) == SMS_LIMIT


def test_blanks_that_nobody_fills_and_loose_braces_are_found():
    text = {"subject": "Tiêu {ten}", "body": "Nội dung đủ dài { để gửi."}
    message = Message.model_validate({"title": "Ví dụ", "vi": text, "en": text})
    found = [(place, what) for place, what, _ in message.faults()]
    assert found[:2] == [
        (("vi", "subject"), "Mẫu tin dùng chỗ trống “{ten}” không ai điền."),
        (("vi", "body"), "Mẫu tin có dấu ngoặc nhọn lẻ."),
    ]
    assert placeholders("{a} {b}") == {"a", "b"}
    assert set(FILLED) == set(CONTEXT)


HEADER = "code,label_vi,label_en,from,to,source,unverified\n"
TITLES = "list,title_vi,title_en,source\ncolour,Màu,Colour,Ví dụ\n"


def codes(folder: Path, lines: str, titles: str = TITLES) -> Path:
    (folder / "lists.csv").write_text(titles)
    (folder / "colour.csv").write_text(HEADER + lines)
    return folder


def said(folder: Path) -> list[str]:
    with pytest.raises(BadDeclaration) as caught:
        read_folder(folder)
    return [f"{error.file.name}:{error.line}: {error.what}" for error in caught.value.errors]


def test_a_code_means_what_it_meant_on_the_day(tmp_path):
    lines = "1,Đỏ,Red,,2025-06-30,,no\n1,Xanh,Blue,2025-07-01,,,yes\n"
    lists = read_folder(codes(tmp_path, lines))
    options = PackLists(lists)
    assert options.find("colour", "1", date(2025, 6, 30)) == Option(
        code="1", label="Đỏ", label_en="Red"
    )
    assert options.find("colour", "1", date(2025, 7, 1)) == Option(
        code="1", label="Xanh", label_en="Blue"
    )
    assert options.find("colour", "2", date(2025, 7, 1)) is None
    assert options.options("none", date(2025, 7, 1)) == ()
    assert lists["colour"].unverified == 1


def test_a_code_with_two_meanings_on_a_day_is_refused(tmp_path):
    assert said(codes(tmp_path, "1,Đỏ,Red,,,,no\n1,Xanh,Blue,2025-07-01,,,no\n")) == [
        "colour.csv:3: Mã “1” có hai nghĩa trong cùng thời gian."
    ]


def test_lists_and_titles_must_match(tmp_path):
    (tmp_path / "shape.csv").write_text(HEADER)
    titles = TITLES + "size,Cỡ,Size,Ví dụ\n"
    assert said(codes(tmp_path, "", titles)) == [
        "shape.csv:1: Danh mục “shape” chưa có tên.",
        "lists.csv:1: Danh mục “size” có tên mà không có tệp size.csv.",
    ]


def test_a_line_that_cannot_be_read_is_named(tmp_path):
    assert said(codes(tmp_path, "1,Đỏ,Red,hôm nay,,,no\n2,Xanh\n"))[:2] == [
        "colour.csv:2: Ô “from” không đọc được: “hôm nay”.",
        "colour.csv:3: Số ô của dòng không khớp với số cột.",
    ]


def test_a_folder_without_titles_says_so(tmp_path):
    (tmp_path / "colour.csv").write_text(HEADER)
    assert said(tmp_path)[0] == "lists.csv:0: Không có tệp này."
    assert read_folder(tmp_path / "none") == {}
