"""TT-IV.4 at the pages of the education registers and of whoever verifies a certificate."""

import pytest

from tests.support.answers import MOTHER, QUY_NHON
from tests.support.doors import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE, SCHOOL, CLASS = "so-giao-duc-va-dao-tao-gia-lai", "52000001", "LOP-000001"


def key(name):
    return f"education/{name}"


def a_school_and_a_class(handler):
    handler.enters(
        key("school"),
        code=SCHOOL,
        name="Trường Trung học phổ thông Minh Hoạ",
        kind="upper",
        owner="public",
        commune=QUY_NHON,
        founded="01/09/1990",
        standard="one",
        standard_to="31/12/2028",
        classes="30",
        pupils="1200",
        teachers="70",
        where="13,776; 109,223",
    )
    ((_about, shape),) = handler.on_map(key("school"), "where").values()
    assert shape == "Point"
    handler.enters(
        key("school_class"),
        code=CLASS,
        school=SCHOOL,
        year="2026-2027",
        grade="g10",
        name="10A1",
        kind="normal",
        size="40",
        girls="21",
        ethnic="3",
        disabled="0",
    )


def a_pupil_who_leaves_and_returns(handler):
    pupil = handler.enters(
        key("pupil"),
        code="5200000001",
        full_name="Lê Thị Minh Hoạ",
        personal_number="052311000011",
        birth_date="14/02/2011",
        commune=QUY_NHON,
        school=SCHOOL,
        class_now=CLASS,
        entered="05/09/2026",
    )
    handler.moves(pupil, "drop", left="05/10/2026", drop_reason="poor")
    assert handler.lists(key("pupil"), "dropped")[0][4] == "05/10/2026"
    handler.moves(pupil, "back")


def an_exam_held_and_published(handler, leader):
    exam = handler.enters(
        key("exam"),
        code="KT-00001",
        kind="province",
        year="2026-2027",
        opens="01/08/2026",
        closes="31/08/2026",
        starts="15/09/2026",
        days="2",
        candidates="300",
        present="290",
        boards="5",
        sites="5",
        breaches="1",
    )
    candidate = handler.enters(
        key("exam_candidate"),
        number="520000001",
        exam="KT-00001",
        pupil="5200000001",
        school=SCHOOL,
        birth_date="14/02/2011",
        appealed="no",
        award="none",
        admitted="no",
        rows={"marks": ({"subject": "maths", "mark": "9,5"},)},
    )
    handler.moves(candidate, "sit")
    handler.changes(candidate, why="Kết quả chấm", award="second", total="9,5")
    assert handler.lists(key("exam_candidate"), "awards")[0][-2:] == ("9,5 điểm", "Nhì")
    handler.moves(exam, "start")
    handler.moves(exam, "mark")
    leader.moves(exam, "publish", published="05/10/2026")
    assert handler.counts(key("exam"), "candidates") == {"Học sinh giỏi cấp tỉnh": ("300",)}


def test_TT_IV_4_schools_classes_pupils_teachers_results_exams_facilities_and_certificates(client):
    handler, leader = Desk(HOUSE, "handler"), Desk(HOUSE, "leader")
    a_school_and_a_class(handler)
    a_pupil_who_leaves_and_returns(handler)
    teacher = handler.enters(
        key("teacher"),
        code="NG-000001",
        school=SCHOOL,
        kind="teacher",
        subjects=["maths"],
        birth_date="01/02/1980",
        started="01/09/2005",
        degree="master",
        qualified="yes",
        rating="good",
        rating_year="2025-2026",
        periods="17",
        contract="permanent",
    )
    assert "Toán" in handler.reads(teacher).values()
    result = {
        "code": "KQ-0000001",
        "pupil": "5200000001",
        "year": "2025-2026",
        "grade": "g10",
        "conduct": "good",
        "absent": "2",
        "title": "excellent",
        "outcome": "promoted",
        "signed": "31/05/2026",
    }
    marks = {"marks": ({"subject": "maths", "mark": "9,2"},)}
    assert len(handler.is_refused(key("pupil_result"), rows=marks, study="fair", **result)) >= 1
    handler.enters(key("pupil_result"), rows=marks, study="good", **result)
    assert handler.lists(key("pupil_result"), "titles")[0][-1] == "Học sinh Xuất sắc"
    an_exam_held_and_published(handler, leader)
    handler.enters(
        key("school_facility"),
        code="CT-000001",
        school=SCHOOL,
        kind="classroom",
        count="12",
        built_class="solid",
        condition="repair",
        need="900.000.000 đồng",
        checked="01/09/2026",
        repaired="",
        area="48",
    )
    assert handler.counts(key("school_facility"), "area") == {"Phòng học": ("576",)}
    certificate = handler.enters(
        key("certificate"),
        number="A00123456",
        register_number="000125/26-SGDĐT",
        verify_code="40718265",
        kind="upper",
        full_name="Võ Thị Hạ Lam",
        personal_number=MOTHER,
        birth_date="14/02/1996",
        sex="female",
        school=SCHOOL,
        year="2014",
        decision="0871/QĐ-SGDĐT",
        issued="15/08/2014",
        handed="self",
        handed_on="10/09/2014",
    )
    assert "Mã QR để xác minh" in handler.client.get(certificate).content.decode()
    link = f"/xac-minh/so/{key('certificate')}/?n=A00123456&m=40718265"
    said = client.get(link).content.decode()
    assert "Đang có hiệu lực" in said
    assert "Võ Thị Hạ Lam" in said
    assert MOTHER not in said
    leader.moves(certificate, "withdraw", ended="06/10/2026", ended_why="Gian lận khi thi")
    assert "Không còn hiệu lực" in client.get(link).content.decode()
