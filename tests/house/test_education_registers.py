"""TT-IV.4: schools, classes, pupils, teachers, results, exams and facilities; certificates are in
test_certificate.py."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.kernel.errors import Invalid
from tests.support.registers import counted, entered, holder, listed, moved, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE, QUY_NHON, PLACE = "so-giao-duc-va-dao-tao-gia-lai", "21583", "Phường Quy Nhơn"
SCHOOL, CLASS = "52000001", "LOP-000001"


@pytest.fixture
def handler(db):
    return holder(HOUSE, "handler")


@pytest.fixture
def leader(db):
    return holder(HOUSE, "leader")


@pytest.fixture
def school(handler):
    return entered(
        "education/school",
        handler,
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


@pytest.fixture
def room(handler, school):
    return entered(
        "education/school_class",
        handler,
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


@pytest.fixture
def pupil(handler, room):
    return entered(
        "education/pupil",
        handler,
        code="5200000001",
        full_name="Lê Thị Minh Hoạ",
        personal_number="052311000011",
        birth_date="14/02/2011",
        commune=QUY_NHON,
        school=SCHOOL,
        class_now=CLASS,
        entered="05/09/2026",
    )


def test_TT_IV_4_an_officer_counts_schools_and_merges_one_into_another(handler, leader, school):
    second = entered(
        "education/school",
        handler,
        code="52000002",
        name="Trường Trung học phổ thông Thứ Hai Minh Hoạ",
        kind="upper",
        owner="public",
        commune=QUY_NHON,
        founded="01/09/1995",
        standard="none",
        classes="10",
        pupils="300",
        where="",
    )
    assert counted("education/school", handler, "pupils") == {
        "Trường trung học phổ thông": ("1.500",)
    }
    assert [row[0] for row in listed("education/school", handler, "standard")] == [SCHOOL]
    with pytest.raises(Invalid) as owed:
        moved(second, "merge", leader, ended="01/10/2026")
    assert [one.field for one in owed.value.problems] == ["follows"]
    merged = moved(second, "merge", leader, ended="01/10/2026", follows=SCHOOL)
    assert merged.text("follows") == school.name


def test_TT_IV_4_an_officer_enrols_a_pupil_in_a_class_and_sees_who_drops_out(handler, pupil):
    assert pupil.text("class_now")
    assert pupil.text("school")
    young = entered(
        "education/school_class",
        handler,
        code="LOP-000002",
        school=SCHOOL,
        year="2026-2027",
        grade="g01",
        kind="normal",
        size="36",
        girls="10",
        ethnic="0",
        disabled="0",
    )
    assert told(young, handler) == ["crowded"]
    dropped = moved(pupil, "drop", handler, left="05/10/2026", drop_reason="poor")
    assert listed("education/pupil", handler, "dropped")[0][4] == "05/10/2026"
    assert (
        sum(int(cells[0]) for cells in counted("education/pupil", handler, "dropped").values()) == 1
    )
    back = moved(dropped, "back", handler)
    assert back.text("state") == "Đang học"


def test_TT_IV_4_an_officer_keeps_teachers_rooms_and_results(handler, leader, pupil):
    teacher = entered(
        "education/teacher",
        handler,
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
    assert teacher.text("subjects") == "Toán"
    facility = {
        "code": "CT-000001",
        "school": SCHOOL,
        "kind": "classroom",
        "count": "12",
        "built_class": "solid",
        "condition": "repair",
        "need": "900.000.000 đồng",
        "checked": "01/09/2026",
        "repaired": "",
    }
    with pytest.raises(Invalid) as small:
        entered("education/school_facility", handler, **facility, area="23,9")
    assert [one.field for one in small.value.problems] == ["area"]
    entered("education/school_facility", handler, **facility, area="48")
    assert counted("education/school_facility", handler, "area") == {"Phòng học": ("576",)}
    assert counted("education/school_facility", handler, "need") == {"Phòng học": ("900.000.000",)}
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
    rows = {"marks": ({"subject": "maths", "mark": "9,2"},)}
    with pytest.raises(Invalid):
        entered("education/pupil_result", handler, rows=rows, **result, study="fair")
    kept = entered("education/pupil_result", handler, rows=rows, **result, study="good")
    assert kept.groups["marks"][0][1].text == "9,2"
    assert listed("education/pupil_result", handler, "titles")[0][-1] == "Học sinh Xuất sắc"


def test_TT_IV_4_an_exam_is_held_published_and_its_candidates_counted(handler, leader, pupil):
    exam = entered(
        "education/exam",
        handler,
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
    candidate = entered(
        "education/exam_candidate",
        handler,
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
    sat = moved(candidate, "sit", handler)
    amended = changed(sat, handler, award="second", total="9,5")
    assert amended.text("award") == "Nhì"
    assert listed("education/exam_candidate", handler, "awards")[0][-2:] == ("9,5 điểm", "Nhì")
    marking = moved(moved(exam, "start", handler), "mark", handler)
    with pytest.raises(Invalid):
        moved(marking, "publish", leader, published="14/09/2026")
    published = moved(marking, "publish", leader, published="05/10/2026")
    assert published.text("state") == "Đã công bố"
    assert counted("education/exam", handler, "candidates") == {"Học sinh giỏi cấp tỉnh": ("300",)}


def changed(record, actor, **said):
    """Change fields of a record."""
    return registries.amend(registry=record.registry, id=record.id, values=said, actor=actor)
