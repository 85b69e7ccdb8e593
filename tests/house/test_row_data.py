"""KT-e5, KT-d6h, TT-I.3, TT-IV.17 and TT-IV.18 at the pages of the desk and of the API."""

import io
import json
import re

import pytest
from lxml import etree, html
from openpyxl import load_workbook

from cuaso.foundation.directory import api as directory
from tests.rest.conftest import Caller, signed_in
from tests.support.answers import QUY_NHON
from tests.support.doors import Desk
from tests.support.registers import holder
from tests.support.vessels import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

WORDS, PLAN, APPLICATIONS = (
    "/ban-lam-viec/tu-dien/",
    "/ban-lam-viec/quy-hoach-du-lieu/",
    "/ban-lam-viec/ung-dung/",
)
EIGHT = (
    ("home-affairs/settlement", "so-noi-vu-gia-lai"),
    ("foreign-affairs/external_event", "so-ngoai-vu-gia-lai"),
    ("justice/auction_house", "so-tu-phap-gia-lai"),
    ("construction/water_plant", "so-xay-dung-gia-lai"),
    ("transport/waterway", "so-xay-dung-gia-lai"),
    ("agriculture/irrigation_work", "so-nong-nghiep-va-moi-truong-gia-lai"),
    ("education/school", "so-giao-duc-va-dao-tao-gia-lai"),
    ("ethnic-affairs/commune_zone", "so-dan-toc-va-ton-giao-gia-lai"),
)


def said(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return " ".join(html.fromstring(answer.content.decode()).text_content().split())


def numbers(row) -> list[int]:
    return [int(re.sub(r"\D", "", cell.text_content()) or 0) for cell in row.findall("td")]


@pytest.mark.parametrize(("key", "agency"), EIGHT)
def test_KT_e5_a_register_of_every_pack_is_described_and_read_through_the_api_with_rights(
    key, agency
):
    desk = Desk(agency, "handler")
    caller = signed_in(desk.actor)
    listed = caller.get(f"/so/{key}")
    assert listed.status_code == 200
    assert listed.json()["registry"] == key
    assert isinstance(listed.json()["records"], list)
    described = caller.get(f"/so/{key}/schema")
    assert described.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert Caller().get(f"/so/{key}").status_code == 401
    about = desk.about(key)
    assert set(about) >= {"Cơ quan chủ quản", "Căn cứ", "Chia sẻ", "Thời hạn lưu"}
    assert all(about.values())


def test_KT_e5_what_one_record_was_is_read_with_who_and_why():
    desk = Desk("so-giao-duc-va-dao-tao-gia-lai", "handler")
    record = desk.enters("education/school", code="52000001", commune=QUY_NHON, classes="30")
    desk.changes(record, why="Tách hai lớp", classes="32")
    page = said(desk.client.get(record))
    assert "Lý do: Tách hai lớp" in page
    assert re.search(r"Số lớp: 30( lớp)? ?32", page)
    id = record.rstrip("/").rpartition("/")[2]
    caller = signed_in(desk.actor)
    found = caller.get(f"/so/education/school/{id}")
    assert found.json()["values"]["classes"] == 32
    assert found["ETag"]
    stranger = signed_in(holder("so-ngoai-vu-gia-lai", "handler"))
    written = stranger.send(
        "PATCH", f"/so/education/school/{id}", {"values": {"classes": 1}}, If_Match=found["ETag"]
    )
    assert written.status_code in (403, 404)


def test_KT_d6h_an_element_says_who_keeps_it_what_it_means_by_what_law_and_where_it_is_used():
    officer = browser_of(holder(f"ubnd-{QUY_NHON}", "handler"))
    element = officer.get(f"{WORDS}phan-tu/place.commune/")
    page = said(element)
    assert "Đơn vị hành chính cấp xã vào ngày ghi nhận." in page
    assert "Quyết định 19/2025/QĐ-TTg" in page
    drawn = html.fromstring(element.content.decode())
    steward = drawn.xpath("//section[@aria-labelledby='quan-ly']//dl/div/dd/text()")
    assert len(steward[1].strip()) > 0
    (used,) = drawn.xpath("//section[@aria-labelledby='noi-dung-dung']")
    assert "Phân định xã theo trình độ phát triển" in used.text_content()
    overview = said(officer.get(WORDS))
    (count,) = re.findall(r"(\d+) ô dữ liệu chưa gắn với phần tử nào", overview)
    unmapped = html.fromstring(officer.get(f"{WORDS}chua-gan/").content.decode())
    assert len(unmapped.xpath("//main//tbody/tr")) == int(count)


def test_TT_IV_18_an_element_is_found_changed_in_view_of_what_breaks_and_leaves_in_four_standards():
    officer = browser_of(holder(f"ubnd-{QUY_NHON}", "handler"))
    found = officer.get(WORDS, {"q": "so can cuoc"}).content.decode()
    assert "/phan-tu/person.personal_number/" in found
    number = f"{WORDS}phan-tu/person.personal_number/"
    asked = officer.get(number, {"doi": "pattern", "thanh": r"\d{13}"}).content.decode()
    (told,) = html.fromstring(asked).xpath("//section[@aria-labelledby='neu-doi']")
    assert "Phần tử “Số chứng minh nhân dân”" in told.text_content()
    removed = said(officer.get(f"{WORDS}danh-muc/sex/", {"bo": "female"}))
    assert "Ánh xạ sex → iso_sex có dòng của mã female (Nữ)" in removed
    before = said(officer.get(f"{WORDS}danh-muc/province_before_2025/", {"ngay": "30/06/2025"}))
    assert "Tỉnh Bình Định" in before
    schema = json.loads(officer.get(f"{WORDS}xuat/json-schema/").content)
    assert "person.sex" in schema["$defs"]
    assert etree.fromstring(officer.get(f"{WORDS}xuat/xsd/").content).tag.endswith("schema")
    for form in ("skos", "shacl"):
        assert officer.get(f"{WORDS}xuat/{form}/")["Content-Type"].startswith("text/turtle")


def test_TT_I_3_the_plan_of_the_province_sums_its_sectors_and_shows_gaps_years_and_duplicates():
    officer = browser_of(holder(f"ubnd-{QUY_NHON}", "handler"))
    page = html.fromstring(officer.get(PLAN).content.decode())
    *sectors, whole = page.xpath("//section[@aria-labelledby='nganh-bang']//tbody/tr")
    parts = [numbers(row) for row in sectors]
    assert [sum(column) for column in zip(*parts, strict=True)] == numbers(whole)
    assert numbers(whole)[0] == 60
    years = page.xpath("//section[@aria-labelledby='nam']//tbody/tr")
    assert sum(numbers(row)[0] for row in years) == 60
    told = " ".join(page.text_content().split())
    assert "“Mã số thuế” có" in told
    assert "cùng nhận là nguồn gốc" in told
    part = said(officer.get(PLAN, {"nganh": "agriculture"}))
    assert "Luật Đất đai 31/2024/QH15, Điều 163 đến Điều 165" in part
    book = officer.get(f"{PLAN}quy-hoach.xlsx?nganh=agriculture")
    assert load_workbook(io.BytesIO(book.content))["Chi tiết"].max_row > 3
    leader = browser_of(holder(f"ubnd-{QUY_NHON}", "leader"))
    sector = f"{PLAN}?nganh=agriculture"
    form = html.fromstring(leader.get(sector).content.decode())
    duty = form.xpath("//select[@name='obligation']/option[contains(., 'đất')]/@value")[0]
    given = {"obligation": duty, "year": "2029", "reason": "Chờ đo đạc"}
    assert leader.post(sector, given)["Location"] == sector
    assert officer.post(sector, given).status_code == 403
    moved = html.fromstring(officer.get(PLAN).content.decode())
    assert "2029" in [
        row.find("th").text_content()
        for row in moved.xpath("//section[@aria-labelledby='nam']//tbody/tr")
    ]


def test_TT_IV_17_an_application_is_registered_before_it_is_bought_and_lives_until_it_retires():
    ward = browser_of(holder(f"ubnd-{QUY_NHON}", "leader"))
    asked = {
        "title": "Phần mềm văn bản của phường",
        "purpose": "Theo dõi văn bản đi, văn bản đến và giao việc cho công chức",
        "elements": "Số văn bản\npaper.issued_date\nTrích yếu nội dung",
        "interfaces": "ky-so",
        "level": "2",
        "cost_vnd": "250.000.000",
        "contract": "Hợp đồng minh hoạ 09/2026",
    }
    new = f"{APPLICATIONS}dang-ky/"
    assert "Cùng giữ 3 phần tử dữ liệu" in said(ward.post(new, {**asked, "act": "check"}))
    refused = ward.post(new, {**asked, "act": "register"})
    assert refused.status_code == 409
    why = "Phường thí điểm mẫu mới trong ba tháng rồi gộp lại."
    address = ward.post(new, {**asked, "act": "register", "justification": why})["Location"]
    page = said(ward.get(address))
    for part in (why, "Hợp đồng minh hoạ 09/2026", "250.000.000", "ky-so", "Ngày ban hành"):
        assert part in page
    committee = directory.province().committee_id
    admin = next(
        one
        for one in directory.holders_below(committee, "admin")
        if one.post.agency_id == committee
    )
    decider = browser_of(directory.actor_for_post(admin.post.id))
    session = decider.session
    session["identity_capacity"] = f"post:{admin.post.id}"
    session.save()
    states = []
    for state in ("approved", "running", "retired"):
        form = html.fromstring(decider.get(address).content.decode())
        version = form.xpath("//input[@name='version']/@value")[0]
        done = decider.post(address, {"act": state, "note": "Đã xem", "version": version})
        states.append(done.status_code)
    assert states == [302, 302, 302]
    lived = said(ward.get(address))
    assert [lived.index(state) for state in ("Đã chấp thuận,", "Đang vận hành,", "Đã ngừng,")]
