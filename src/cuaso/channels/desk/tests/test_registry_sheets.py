"""An officer at the desk takes a template, brings it in, undoes it, takes the list out."""

import csv
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from cuaso.foundation.directory import api as directory
from tests.support.registers import holder
from tests.support.vessels import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_transactions")]
KEY = "agriculture/fishing_vessel"
BASE = f"/ban-lam-viec/so/{KEY}/"


@pytest.fixture
def client(working_morning) -> Client:
    agency = directory.agency_by_key("chi-cuc-thuy-san-gia-lai")
    holders = directory.holders_below(agency.id, "handler")
    return browser_of(directory.actor_for_post(holders[0].post.id))


def filled(content: bytes) -> SimpleUploadedFile:
    """Return the template with its example as a record, and a row without anything right."""
    book = load_workbook(io.BytesIO(content))
    sheet = book["Dữ liệu"]
    example = [cell.value for cell in sheet[3]][:-1]
    sheet.append(example)
    sheet.append(["sai", *example[1:]])
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("tau.xlsx", file.getvalue())


def test_kt_e5_an_officer_brings_a_sheet_in_and_undoes_it_at_the_desk(client: Client) -> None:
    page = client.get(f"{BASE}bang-tinh/").content.decode()
    assert "Bảng mẫu Excel" in page
    assert f'href="{BASE}bang-tinh/bieu-mau.xlsx"' in page
    form = load_workbook(io.BytesIO(client.get(f"{BASE}bang-tinh/bieu-mau.xlsx").getvalue()))
    assert form.sheetnames == ["survey", "choices", "settings", "chua_mang_theo"]
    template = client.get(f"{BASE}bang-tinh/mau.xlsx").getvalue()
    answer = client.post(f"{BASE}bang-tinh/", {"sheet": filled(template)})
    assert answer.status_code == 302
    sheet_at = answer["Location"]
    report = client.get(sheet_at)
    told = report.context["report"]
    assert (told.rows, told.added, told.bad) == (2, 1, 1), told.faults
    assert "Chỉ nhập các dòng đúng" in report.content.decode()
    told_back = client.get(f"{sheet_at}loi.xlsx").getvalue()
    sheet = load_workbook(io.BytesIO(told_back)).active
    assert sheet is not None
    assert sheet.cell(row=1, column=sheet.max_column).value == "Lỗi"
    refused = client.post(sheet_at, {"act": "whole"})
    assert refused.status_code == 409
    client.post(sheet_at, {"act": "partly", "reason": "Bảng tháng 10"})
    done = client.get(sheet_at)
    assert (done.context["report"].state, done.context["report"].added) == ("done", 1)
    number = load_workbook(io.BytesIO(template))["Dữ liệu"]["A3"].value
    made = client.get(BASE, {"q": number}).context["page"].rows[0].id
    record = client.get(f"{BASE}{made}/").content.decode()
    assert ("Nhập từ bảng tính" in record, '<ul class="told">' in record) == (True, False)
    export = client.get(f"{BASE}xuat/?tep=csv").getvalue()
    assert export.startswith(b"\xef\xbb\xbf")
    client.post(f"{BASE}hoan-tac/{done.context['report'].change_id}/")
    assert client.get(sheet_at).context["report"].state == "undone"


def test_an_officer_posts_no_file_and_is_told(client: Client) -> None:
    answer = client.post(f"{BASE}bang-tinh/", {})
    assert answer.status_code == 422
    assert "Hãy chọn một tệp .xlsx, .xls, .csv hoặc .zip." in answer.content.decode()


def test_an_officer_reads_how_files_travel_with_a_sheet_and_an_archive_of_none_is_refused(
    working_morning,
) -> None:
    browser = browser_of(holder("so-noi-vu-gia-lai", "handler"))
    base = "/ban-lam-viec/so/home-affairs/boundary_marker/bang-tinh/"
    page = browser.get(base).content.decode()
    assert "hãy nén (ZIP) bảng tính cùng các tệp" in page
    assert 'accept=".xlsx,.xls,.csv,.txt,.zip"' in page
    assert "ghi tên tệp trong cột: Ảnh mốc." in page
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mốc.png", b"x")
    answer = browser.post(base, {"sheet": SimpleUploadedFile("mốc.zip", file.getvalue())})
    assert answer.status_code == 422
    assert "Tệp nén không có bảng tính." in answer.content.decode()


def test_an_officer_reads_in_which_rows_files_may_be_named_also_in_english(working_morning) -> None:
    browser = browser_of(holder("so-nong-nghiep-va-moi-truong-gia-lai", "handler"))
    base = "/ban-lam-viec/so/agriculture/disaster_damage/bang-tinh/"
    page = browser.get(base).content.decode()
    assert "ghi tên tệp trong cột: Ảnh hiện trường (Tệp ảnh)." in page
    browser.cookies["django_language"] = "en"
    english = browser.get(base).content.decode()
    assert "Photographs (File)." in english
    assert "A trial reading writes nothing into the registry." in english
    assert "Tệp .xlsx" not in english
    assert "hãy nén" not in english


def test_an_old_export_is_mapped_once_at_the_desk_and_the_month_after_takes_one_click(
    client: Client,
) -> None:
    template = client.get(f"{BASE}bang-tinh/mau.xlsx").getvalue()
    sheet = load_workbook(io.BytesIO(template))["Dữ liệu"]
    ids = [str(cell.value) for cell in sheet[1]][:-1]
    example = ["" if cell.value is None else str(cell.value) for cell in sheet[3]][:-1]
    headings = [f"COT_{place}" for place in range(len(ids))]

    def month(number: int) -> SimpleUploadedFile:
        row = [f"BĐ-9999{number}-TS", *example[1:]]
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows([headings, row])
        return SimpleUploadedFile(f"thang-{number}.csv", text.getvalue().encode())

    first = client.post(f"{BASE}bang-tinh/", {"sheet": month(1)})["Location"]
    page = client.get(first)
    assert (page.context["report"].rows, page.context["report"].bad) == (1, 1)
    assert "Nhập vào sổ" not in page.content.decode()
    mapping = {f"column.{place}": id for place, id in enumerate(ids)}
    client.post(first, {"act": "map", **mapping})
    report = client.get(first).context["report"]
    assert (report.added, report.bad) == (1, 0), report.faults
    client.post(first, {"act": "whole"})
    assert client.get(first).context["report"].state == "done"

    second = client.post(f"{BASE}bang-tinh/", {"sheet": month(2)})["Location"]
    report = client.get(second).context["report"]
    assert (report.added, report.bad, report.remarks) == (1, 0, ())
    client.post(second, {"act": "whole"})
    assert client.get(second).context["report"].state == "done"


def test_a_clerk_has_text_of_an_old_font_converted_at_the_desk(client: Client) -> None:
    template = client.get(f"{BASE}bang-tinh/mau.xlsx").getvalue()
    sheet = load_workbook(io.BytesIO(template))["Dữ liệu"]
    ids = [str(cell.value) for cell in sheet[1]][:-1]
    example = ["" if cell.value is None else str(cell.value) for cell in sheet[3]][:-1]
    example[0], example[ids.index("vessel_name")] = "BĐ-99991-TS", "CÇu Gµnh"
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([ids, example, ["", "Tổng cộng"]])
    upload = SimpleUploadedFile("cu.csv", text.getvalue().encode())
    at = client.post(f"{BASE}bang-tinh/", {"sheet": upload})["Location"]
    page = client.get(at)
    report = page.context["report"]
    assert (report.rows, report.bad, report.letters) == (1, 1, "old")
    assert "Đổi sang Unicode và đọc lại" in page.content.decode()
    assert "“CÇu Gµnh” là “Cầu Gành”" in page.content.decode()

    client.post(at, {"act": "convert"})
    page = client.get(at)
    report = page.context["report"]
    assert (report.added, report.bad, report.letters) == (1, 0, "converted"), report.faults
    assert "Không đổi nữa và đọc lại" in page.content.decode()
    client.post(at, {"act": "unconverted"})
    assert client.get(at).context["report"].letters == "old"
