"""KT-d5: papers on both sides of 1 July 2025: form numbers of the regime, names of the day."""

from datetime import timedelta

import pytest

from cuaso.kernel import clock
from cuaso.kernel.errors import NotAllowed
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures import jobs
from cuaso.services.procedures.logic.sheets import control_sheet, sheets
from cuaso.services.procedures.models import Dossier
from tests.support import june
from tests.support.dossiers import submit_birth
from tests.support.pdf import text_of

pytestmark = pytest.mark.django_db

OLD = "Phụ lục ban hành kèm theo Thông tư 01/2018/TT-VPCP"
NEW = "Phụ lục I ban hành kèm theo Thông tư 03/2025/TT-VPCP"
REASON = "Cần xác minh thêm tại nơi cư trú trước đây."


def printed(id, form, actor, purpose=""):
    content = procedures.form_content(dossier_id=id, form=form, actor=actor, purpose=purpose)
    return text_of(b"".join(content.chunks))


def submitted(mother):
    return submit_birth(mother, key=str(clock.now()), child__birth_date="20/06/2025").dossier_id


@pytest.fixture
def ward(db):
    """Return who acts in the ward on 30 June 2025."""
    return june.staff()


@pytest.fixture
def in_june(mother, ward):
    """Return a dossier received by the ward of Bình Định at 16:00 on 30 June 2025."""
    with clock.at(june.JUNE_30):
        id = submitted(mother)
        procedures.receive(id=id, actor=ward["reception"])
    return id


@pytest.fixture
def in_july(mother, official):
    """Return a dossier received by the centre of Gia Lai at 08:00 on 1 July 2025."""
    with clock.at(june.JULY_1):
        id = submitted(mother)
        procedures.receive(id=id, actor=official("reception"))
    return id


@pytest.fixture
def settled_in_july(in_june, mother, official):
    """Return the dossier of June that the ward's successor extended on 1 July 2025."""
    del mother
    june.reorganise()
    with clock.at(june.JULY_1):
        procedures.extend(
            id=in_june, reason=REASON, added="2 ngày làm việc", actor=official("handler")
        )
    return in_june


def test_a_receipt_of_30_june_2025_at_four_bears_the_form_the_ward_and_the_province_of_its_day(
    in_june, mother
):
    with clock.at(june.JUNE_30):
        text = printed(in_june, "receipt", mother)
    for said in (
        f"Mẫu số 01, {OLD}",
        "ỦY BAN NHÂN DÂN PHƯỜNG THỊ NẠI",
        "Thị Nại, ngày 30 tháng 6 năm 2025",
        "H08.50.09-250630-0001",
        "Ủy ban nhân dân phường Thị Nại, thành phố Quy Nhơn, tỉnh Bình Định",
        "16 giờ 00 ngày 30/6/2025",
        "17 giờ 00 ngày 01/7/2025",
        "sau 15:00",
    ):
        assert said in text
    assert "03/2025/TT-VPCP" not in text


def test_a_receipt_of_1_july_2025_at_eight_bears_the_form_the_centre_and_the_province_of_its_day(
    in_july, mother
):
    with clock.at(june.JULY_1):
        text = printed(in_july, "receipt", mother)
    for said in (
        f"Mẫu số 01, {NEW}",
        "TRUNG TÂM PHỤC VỤ",
        "HÀNH CHÍNH CÔNG",
        "Quy Nhơn, ngày 01 tháng 7 năm 2025",
        "H21.102-250701-0001",
        "Ủy ban nhân dân phường Quy Nhơn, tỉnh Gia Lai",
        "08 giờ 00 ngày 01/7/2025",
        "17 giờ 00 ngày 01/7/2025",
    ):
        assert said in text
    assert "Bình Định" not in text
    assert "01/2018/TT-VPCP" not in text


def test_what_was_submitted_late_on_30_june_and_received_on_1_july_keeps_the_earlier_regime(
    mother, ward
):
    del ward
    with clock.at(june.JUNE_30 + timedelta(hours=6)):
        id = submitted(mother)
    june.reorganise()
    with clock.at(june.JULY_1):
        desk = june.official_of(june.centre_since_july(), "reception")
        procedures.receive(id=id, actor=desk)
        text = printed(id, "receipt", mother)
    assert f"Mẫu số 01, {OLD}" in text
    assert "Ủy ban nhân dân phường Quy Nhơn, tỉnh Gia Lai" in text


def test_two_regimes_stand_in_one_queue_and_each_dossier_says_its_own(in_june, in_july, official):
    june.reorganise()
    with clock.at(june.JULY_1):
        handler = official("handler")
        listed = {row.id for row in procedures.queue(actor=handler).rows}
        said = {id: procedures.dossier(id=id, actor=handler).regime_say for id in listed}
    assert listed == {in_june, in_july}
    assert "một cửa theo Nghị định 61/2018/NĐ-CP và Thông tư 01/2018/TT-VPCP" in said[in_june]
    assert "một cửa theo Nghị định 118/2025/NĐ-CP và Thông tư 03/2025/TT-VPCP" in said[in_july]


def test_a_receipt_of_june_printed_in_july_by_the_successor_is_the_paper_of_june(
    settled_in_july, mother
):
    with clock.at(june.JULY_1):
        text = printed(settled_in_july, "receipt", mother)
    assert f"Mẫu số 01, {OLD}" in text
    assert "tỉnh Bình Định" in text
    assert "17 giờ 00 ngày 01/7/2025" in text
    assert "03/7/2025" not in text
    assert "phường Quy Nhơn, tỉnh Gia Lai" not in text.replace(
        "12 đường Minh Hoạ, phường Quy Nhơn, tỉnh Gia Lai", ""
    )


def test_a_dossier_received_in_june_and_settled_in_july_keeps_its_regime_on_the_control_sheet(
    settled_in_july, official
):
    with clock.at(june.JULY_1):
        text = printed(settled_in_july, "control_sheet", official("handler"))
    for said in (
        f"Mẫu số 05, {OLD}",
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        "H08.50.09-250630-0001",
        "Ủy ban nhân dân phường Thị Nại",
        "Quy Nhơn, ngày 01 tháng 7 năm 2025",
        "17 giờ 00 ngày 03/7/2025 (hẹn lần đầu 17 giờ 00 ngày 01/7/2025)",
    ):
        assert said in text


def test_a_control_sheet_of_july_bears_the_number_of_the_later_circular(in_july, official):
    with clock.at(june.JULY_1):
        text = printed(in_july, "control_sheet", official("handler"))
    assert f"Mẫu số 06, {NEW}" in text
    assert "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT Mã hồ sơ" in text


def test_a_control_sheet_is_drawn_from_the_recorded_steps_and_says_which_was_late(
    in_july, official
):
    with clock.at(june.JULY_1 + timedelta(hours=7)):
        procedures.propose(id=in_july, values={}, note="", actor=official("handler"))
        row = Dossier.objects.select_related("procedure").get(id=in_july)
        told = control_sheet.told(row)
        text = printed(in_july, "control_sheet", official("handler"), purpose="Kiểm tra")
    said = [tuple(step[key] for key in ("who", "done_at", "due_at")) for step in told["steps"]]
    # Receiving has one working hour, examining three; the noon break does not count.
    assert said == [
        ("Lê Thị Minh An", "2025-07-01T08:00+07:00", "2025-07-01T09:00+07:00"),
        ("Nguyễn Quốc Thái", "2025-07-01T15:00+07:00", "2025-07-01T11:00+07:00"),
        ("", "", "2025-07-02T17:00+07:00"),
    ]
    assert [step["result"] for step in told["steps"]] == [
        "Trước hạn",
        "Quá hạn 2 giờ làm việc",
        "Đang làm, trong hạn",
    ]
    assert [step["note"] for step in told["steps"]] == ["Tiếp nhận", "Trình dự thảo kết quả", ""]
    for step in ("Kiểm tra và tiếp nhận hồ", "Người nộp hồ sơ", "Trình dự thảo kết"):
        assert step in text
    assert told["outcome"] == "Đang giải quyết"


def test_a_step_is_not_late_for_the_time_in_which_the_clock_stood(in_july, official):
    handler = official("handler")
    with clock.at(june.JULY_1 + timedelta(hours=1)):
        procedures.pause(
            id=in_july, ground="force_majeure", document="Công điện 01/CĐ-UBND", actor=handler
        )
    with clock.at(june.JULY_1 + timedelta(days=1, hours=1)):
        procedures.resume(id=in_july, actor=handler)
    with clock.at(june.JULY_1 + timedelta(days=1, hours=2)):
        told = control_sheet.told(Dossier.objects.select_related("procedure").get(id=in_july))
    examine = told["steps"][1]
    assert examine["due_at"] == "2025-07-02T11:00+07:00"
    assert examine["result"] == "Đang làm, trong hạn"


def test_an_applicant_is_not_given_the_sheet_of_the_officials(in_july, mother):
    with clock.at(june.JULY_1), pytest.raises(NotAllowed) as refused:
        printed(in_july, "control_sheet", mother)
    assert refused.value.code == "procedures.form_inside"


def test_an_apology_of_july_asks_for_an_extension_over_the_committee_s_seal(
    in_july, mother, official
):
    with clock.at(june.JULY_1):
        procedures.extend(
            id=in_july, reason=REASON, added="2 ngày làm việc", actor=official("handler")
        )
        text = printed(in_july, "apology", mother)
    for said in (
        f"Mẫu số 04, {NEW}",
        "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
        REASON,
        "17 giờ 00 ngày 01/7/2025",
        "sẽ trả kết quả vào 17 giờ 00 ngày 03/7/2025",
        "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH (Ký",
        "Đặng Thị Thùy Dương",
        "Dấu: ỦY BAN NHÂN DÂN PHƯỜNG QUY NHƠN, TỈNH GIA LAI",
    ):
        assert said in text


def test_an_apology_in_july_for_a_dossier_of_june_keeps_the_form_and_bears_the_seal_of_july(
    settled_in_july, mother
):
    with clock.at(june.JULY_1):
        text = printed(settled_in_july, "apology", mother)
    for said in (
        f"Mẫu số 04, {OLD}",
        "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        "Dấu: ỦY BAN NHÂN DÂN PHƯỜNG QUY NHƠN, TỈNH GIA LAI",
        "H08.50.09-250630-0001",
    ):
        assert said in text


def test_an_apology_in_june_bears_the_seal_of_the_ward_of_binh_dinh(in_june, mother, ward):
    with clock.at(june.JUNE_30):
        procedures.extend(id=in_june, reason=REASON, added="2 ngày làm việc", actor=ward["handler"])
        text = printed(in_june, "apology", mother)
    assert f"Mẫu số 04, {OLD}" in text
    assert "Dấu: ỦY BAN NHÂN DÂN PHƯỜNG THỊ NẠI, THÀNH PHỐ QUY NHƠN" in text
    assert "Ủy ban nhân dân phường Thị Nại, thành phố Quy Nhơn, tỉnh Bình Định" in text


def stopped(id, official):
    procedures.stop(
        id=id, reason="Trẻ đã được đăng ký khai sinh.", ground="dispute", actor=official("handler")
    )


def test_a_stop_of_july_is_told_by_form_05_and_is_no_refusal(in_july, mother, official):
    with clock.at(june.JULY_1):
        stopped(in_july, official)
        text = printed(in_july, "stop_notice", mother)
        with pytest.raises(Exception, match="chưa có giấy này"):
            printed(in_july, "refusal", mother)
    for said in (
        f"Mẫu số 05, {NEW}",
        "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
        "Trẻ đã được đăng ký khai sinh.",
        "Dấu: ỦY BAN NHÂN DÂN PHƯỜNG QUY NHƠN, TỈNH GIA LAI",
    ):
        assert said in text


def test_a_dossier_of_june_that_is_stopped_has_no_form_number_because_its_circular_had_none(
    settled_in_july, mother, official
):
    with clock.at(june.JULY_1):
        stopped(settled_in_july, official)
        text = printed(settled_in_july, "stop_notice", mother)
    assert "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ" in text
    assert "Mẫu số" not in text


@pytest.mark.parametrize(
    ("side", "number"), [("june", f"Mẫu số 02, {OLD}"), ("july", f"Mẫu số 02, {NEW}")]
)
def test_a_request_for_a_supplement_bears_the_number_of_its_side(
    side, number, mother, official, ward
):
    with clock.at(june.JUNE_30 if side == "june" else june.JULY_1):
        desk = ward["reception"] if side == "june" else official("reception")
        id = submitted(mother)
        procedures.ask_supplement(id=id, items=["Bản rõ"], reason="Bản chụp mờ.", actor=desk)
        assert number in printed(id, "supplement", mother)


@pytest.mark.parametrize(
    ("side", "number"), [("june", f"Mẫu số 03, {OLD}"), ("july", f"Mẫu số 03, {NEW}")]
)
def test_a_refusal_bears_the_number_of_its_side(side, number, mother, official, ward):
    with clock.at(june.JUNE_30 if side == "june" else june.JULY_1):
        desk = ward["reception"] if side == "june" else official("reception")
        id = submitted(mother)
        procedures.refuse(id=id, reason="Trẻ đã được đăng ký ở nơi khác.", actor=desk)
        assert number in printed(id, "refusal", mother)


def test_the_qr_code_says_dossier_procedure_person_and_paper(in_july):
    row = Dossier.objects.select_related("procedure").get(id=in_july)
    assert sheets.qr_text(row, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả").splitlines() == [
        "Mã hồ sơ: H21.102-250701-0001",
        "Mã TTHC: 1.001193",
        "Định danh: 052196000122",
        "Giấy tờ: Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    ]


def test_a_receipt_names_the_agency_of_its_day_though_the_dossier_was_transferred_since(
    in_july, mother, official
):
    with clock.at(june.JULY_1 + timedelta(hours=1)):
        there = official("handler", "21592")
        procedures.transfer(
            id=in_july,
            agency_id=there.agency_id,
            reason="Cha mẹ trẻ cư trú tại phường Quy Nhơn Nam.",
            actor=official("handler"),
        )
        procedures.stop(
            id=in_july, reason="Trẻ đã được đăng ký khai sinh.", ground="dispute", actor=there
        )
        receipt = printed(in_july, "receipt", mother)
        notice = printed(in_july, "stop_notice", mother)
    assert "Ủy ban nhân dân phường Quy Nhơn, tỉnh Gia Lai" in receipt
    assert "Quy Nhơn Nam" not in receipt
    assert "Dấu: ỦY BAN NHÂN DÂN PHƯỜNG QUY NHƠN NAM, TỈNH GIA LAI" in notice


def test_an_apology_said_by_the_house_promises_no_day(in_july, mother):
    with clock.at(june.JULY_1 + timedelta(days=1)):
        assert jobs.apologise_late() == 1
        text = printed(in_july, "apology", mother)
    assert "chưa trả kết quả giải quyết hồ sơ của ông/bà đúng thời hạn đã hẹn" in text
    assert "sẽ báo cho ông/bà ngay khi có kết quả" in text
    assert "sẽ trả kết quả vào" not in text
