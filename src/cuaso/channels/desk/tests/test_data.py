"""The data dictionary, the plan and the register of applications before officials."""

import io
import json

import pytest
from django.db import connection
from lxml import etree
from openpyxl import load_workbook

from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.services.planning import api as planning

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "own_transactions")]
WORDS, PLAN, APPLICATIONS = (
    "/ban-lam-viec/tu-dien/",
    "/ban-lam-viec/quy-hoach-du-lieu/",
    "/ban-lam-viec/ung-dung/",
)
NUMBER = f"{WORDS}phan-tu/person.personal_number/"
DRAFT = {
    "since": "01/01/2030",
    "type": "code",
    "pattern": r"\d{13}",
    "max_length": "13",
    "source": "Văn bản thử",
    "reason": "Thử đổi độ dài.",
    "act": "draft",
}
DOCUMENTS = {
    "title": "Phần mềm văn bản của phường",
    "purpose": "Theo dõi văn bản đi, văn bản đến và giao việc cho công chức",
    "elements": "Số văn bản\npaper.issued_date\nTrích yếu nội dung",
    "interfaces": "ky-so",
    "level": "2",
    "cost_vnd": "250.000.000",
}


@pytest.fixture(autouse=True)
def no_registry(db):
    """Let nobody hold data but whom the plan names: packs may bring registries at any time."""
    with connection.cursor() as cursor:
        cursor.execute("delete from dictionary_use")


@pytest.fixture
def keeper(sign_in, official):
    """Return the ward's administrator, who also has a post at the counter."""
    client = sign_in("admin")
    client.post("/tu-cach/", {"capacity": f"post:{official('admin').post_id}"})
    return client


def registered(official):
    return planning.applications(actor=official("reception"), state="proposed")


def cadastre():
    lines = planning.plan(sector="agriculture").sectors[0].lines
    return next(one for one in lines if one.element_key == "place.parcel_number")


def said(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_an_official_finds_an_element_without_marks_and_reads_its_versions(sign_in):
    officer = sign_in("reception")
    found = said(officer.get(WORDS, {"q": "so can cuoc"}))
    assert f'href="{NUMBER}"' in found
    page = said(officer.get(NUMBER))
    assert "Số định danh cá nhân" in page
    assert "Luật Căn cước công dân 59/2014/QH13" in page
    assert "Soạn phiên bản mới" not in page


def test_words_that_find_nothing_say_so(sign_in):
    assert "Không tìm thấy" in said(sign_in("reception").get(WORDS, {"q": "zzz'; & |"}))


def test_an_official_asks_what_a_change_would_break(sign_in):
    officer = sign_in("reception")
    old = f"{WORDS}phan-tu/person.personal_number/?doi=pattern&thanh=%5Cd%7B13%7D"
    assert "không nhận giá trị đúng hôm nay" not in said(officer.get(NUMBER))
    assert "Phần tử “Số chứng minh nhân dân”" in said(officer.get(old))
    for asked in ("doi=range&thanh=x..y", "doi=length&thanh=dài", "doi=pattern&thanh=(a|a)*b"):
        bad = officer.get(f"{NUMBER}?{asked}")
        assert (bad.status_code, "Không đọc được giá trị mới" in said(bad)) == (200, True)


def test_an_element_that_is_not_there_is_not_found(sign_in):
    assert sign_in("reception").get(f"{WORDS}phan-tu/person.age/").status_code == 404


def test_an_administrator_drafts_and_a_leader_publishes(keeper, sign_in):
    admin, leader = keeper, sign_in("leader")
    assert admin.post(NUMBER, DRAFT)["Location"] == NUMBER
    (draft,) = dictionary.element("person.personal_number").drafts
    assert "Người soạn không tự ban hành" in said(
        admin.post(NUMBER, {"act": f"publish:{draft.id}"})
    )
    assert "Bản thảo chờ ban hành" in said(leader.get(NUMBER))
    assert leader.post(NUMBER, {"act": f"publish:{draft.id}"}).status_code == 302
    one = dictionary.element("person.personal_number")
    assert [version.domain.pattern for version in one.published] == [r"\d{12}", r"\d{13}"]


@pytest.mark.parametrize(
    ("changed", "say"),
    [
        ({"since": "x"}, "Hãy ghi ngày theo mẫu ngày/tháng/năm."),
        ({"since": ""}, "Hãy ghi ngày bắt đầu có hiệu lực."),
        ({"max_length": "nhiều"}, "Hãy ghi một số nguyên."),
        ({"pattern": "(a+)+"}, "chạy mãi"),
        ({"source": ""}, "Hãy ghi văn bản làm căn cứ."),
        ({"act": "publish:x"}, "Không còn bản thảo này."),
    ],
)
def test_a_draft_that_cannot_stand_comes_back_with_what_was_typed(keeper, changed, say):
    answer = keeper.post(NUMBER, {**DRAFT, **changed})
    assert answer.status_code == 422
    assert say in said(answer)
    assert dictionary.element("person.personal_number").drafts == ()


def test_a_code_list_is_shown_as_of_a_day_with_its_mappings(sign_in):
    officer = sign_in("reception")
    page = f"{WORDS}danh-muc/province_before_2025/"
    before = officer.get(page, {"ngay": "30/06/2025"}).context
    assert len(before["codes"]) == 63
    after = officer.get(page, {"ngay": "2025-07-01"})
    assert len(after.context["codes"]) == 0
    (mapping,) = after.context["mappings"]
    assert len(mapping.lines) == 63
    assert "thuộc về" in said(after)
    wrong = officer.get(page, {"ngay": "31/02/2025"})
    assert "Không đọc được ngày." in said(wrong)
    assert officer.get(f"{WORDS}danh-muc/no_list/").status_code == 404


def test_an_official_reads_what_removing_a_code_breaks(sign_in):
    page = said(sign_in("reception").get(f"{WORDS}danh-muc/sex/", {"bo": "female"}))
    assert "Phần tử “Giới tính” (person.sex) nhận mã của danh mục “sex”" in page
    assert "Ánh xạ sex → iso_sex có dòng của mã female (Nữ)" in page


def test_the_dictionary_is_handed_over_in_four_standards(sign_in):
    officer = sign_in("reception")
    schema = json.loads(officer.get(f"{WORDS}xuat/json-schema/").content)
    assert "person.sex" in schema["$defs"]
    assert etree.fromstring(officer.get(f"{WORDS}xuat/xsd/").content).tag.endswith("schema")
    for form in ("skos", "shacl"):
        answer = officer.get(f"{WORDS}xuat/{form}/")
        assert answer["Content-Type"] == "text/turtle; charset=utf-8"
    assert officer.get(f"{WORDS}xuat/csv/").status_code == 404


def test_the_plan_shows_sums_gaps_and_duplicates_and_opens_a_sector(sign_in):
    officer = sign_in("reception")
    whole = officer.get(PLAN)
    assert whole.context["plan"].totals == planning.plan().totals
    assert "Số thửa đất" in said(whole)
    assert "“Mã số thuế” có 2 nơi cùng nhận là nguồn gốc" in said(whole)
    part = officer.get(PLAN, {"nganh": "agriculture"})
    assert [line.element_key for line, _ in part.context["lines"]][:3] == [
        "place.land_area",
        "place.map_sheet",
        "place.parcel_number",
    ]
    assert "Đổi năm phải có" not in said(part)
    assert officer.get(PLAN, {"nganh": "no"}).context["sector"] == ""


def test_a_leader_moves_the_year_of_a_duty_on_the_page(sign_in):
    leader, duty = sign_in("leader"), cadastre().obligation_id
    page = f"{PLAN}?nganh=agriculture"
    assert "Hãy ghi năm bằng bốn chữ số." in said(leader.post(page, {"obligation": duty}))
    given = {"obligation": duty, "year": "2029", "reason": "Chờ đo đạc"}
    assert leader.post(page, given)["Location"] == page
    assert cadastre().year == 2029
    assert sign_in("reception").post(page, given).status_code == 403


def test_the_plan_is_handed_over_as_a_workbook_and_as_a_paper(sign_in):
    officer = sign_in("reception")
    book = officer.get(f"{PLAN}quy-hoach.xlsx?nganh=agriculture")
    assert "quy-hoach-du-lieu-agriculture.xlsx" in book["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(book.content))["Chi tiết"]
    assert sheet.max_row == 1 + planning.plan(sector="agriculture").totals.must
    assert officer.get(f"{PLAN}quy-hoach.pdf").content.startswith(b"%PDF")


def test_an_agency_registers_an_application_after_reading_what_is_alike(sign_in, official):
    leader = sign_in("leader")
    checked = leader.post(f"{APPLICATIONS}dang-ky/", {**DOCUMENTS, "act": "check"})
    assert "Cùng giữ 3 phần tử dữ liệu" in said(checked)
    refused = leader.post(f"{APPLICATIONS}dang-ky/", {**DOCUMENTS, "act": "register"})
    assert refused.status_code == 409
    assert "Vì sao vẫn cần làm riêng" in said(refused)
    assert registered(official) == ()
    why = "Phường thí điểm mẫu mới trong ba tháng rồi gộp lại."
    done = leader.post(
        f"{APPLICATIONS}dang-ky/", {**DOCUMENTS, "act": "register", "justification": why}
    )
    (row,) = registered(official)
    assert done["Location"] == f"{APPLICATIONS}{row.id}/"
    assert (row.cost_vnd, row.level) == (250_000_000, 2)
    page = said(leader.get(done["Location"]))
    assert why in page
    assert "Chuyển trạng thái" not in page


@pytest.mark.parametrize(
    ("changed", "say"),
    [
        ({"cost_vnd": "nhiều"}, "Hãy ghi số tiền bằng đồng, chỉ chữ số."),
        ({"level": ""}, "Hãy chọn cấp độ an toàn từ 1 đến 5."),
        ({"until": "x"}, "Hãy ghi ngày theo mẫu ngày/tháng/năm."),
        ({"elements": "Tuổi"}, "Từ điển không có phần tử “Tuổi”."),
    ],
)
def test_a_wrong_registration_comes_back_with_what_was_typed(sign_in, changed, say):
    given = {**DOCUMENTS, "title": "Sổ tay nội bộ", "act": "register", **changed}
    answer = sign_in("leader").post(f"{APPLICATIONS}dang-ky/", given)
    assert (answer.status_code, say in said(answer)) == (422, True)
    assert 'value="Sổ tay nội bộ"' in said(answer)


def test_who_administers_the_province_decides_a_registration(sign_in, official):
    committee = directory.province().committee_id
    (holder,) = [
        one
        for one in directory.holders_below(committee, "admin")
        if one.post.agency_id == committee
    ]
    sign_in("leader").post(
        f"{APPLICATIONS}dang-ky/",
        {**DOCUMENTS, "justification": "Thí điểm ba tháng rồi gộp lại.", "act": "register"},
    )
    (row,) = registered(official)
    actor = directory.actor_for_post(holder.post.id)
    assert planning.application(id=row.id, actor=actor).moves == ("approved", "refused")
    wrong = sign_in("leader").post(
        f"{APPLICATIONS}{row.id}/", {"act": "approved", "note": "x", "version": "1"}
    )
    assert wrong.status_code == 403
    assert sign_in("leader").post(f"{APPLICATIONS}{row.id}/", {"act": "x"}).status_code == 422
    assert registered(official)[0].state == "proposed"


def test_the_register_is_filtered_on_the_page(sign_in):
    officer = sign_in("reception")
    listed = officer.get(APPLICATIONS, {"q": "dia chinh", "xem": "building"}).context
    assert [one.title for one in listed["applications"]] == ["Phần mềm hồ sơ địa chính"]
    assert "Không có ứng dụng nào như vậy" in said(officer.get(APPLICATIONS, {"q": "zzz"}))
    refused = said(officer.get(f"{APPLICATIONS}dang-ky/"))
    assert "Tư cách này không đăng ký được ứng dụng" in refused
