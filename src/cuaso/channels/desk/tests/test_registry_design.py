"""The pages on which officials design a registry, from nothing to a list with records."""

import io
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from cuaso.capabilities.registries import api as registries
from cuaso.kernel.actors import system
from tests.support.surveys import FORM, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
ROOT = "/ban-lam-viec/thiet-ke-so/"
FERRY = {
    "title": "Bến đò ngang",
    "item": "Bến đò",
    "legal": "Quyết định thử số 1 của Ủy ban nhân dân phường",
    "key": "code",
    "key_title": "Mã bến",
}


def said(answer) -> str:
    return " ".join(answer.content.decode().split())


def seen(client: Client, url: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(url).content.decode())
    assert found is not None
    return found[1]


def post(client: Client, base: str, url: str, **typed: object):
    return client.post(url, {"seen": seen(client, base), **typed})


@pytest.fixture
def seated(sign_in, official) -> Callable[[str], Client]:
    """Return who signs in and sits down on the post of a role."""

    def at(role: str) -> Client:
        client: Client = sign_in(role)
        client.post("/tu-cach/", {"capacity": f"post:{official(role).post_id}"})
        return client

    return at


@pytest.fixture
def drafted(seated) -> tuple[Client, str]:
    """Return the ward's administrator and the address of a new registry's draft."""
    client = seated("admin")
    answer = client.post(f"{ROOT}moi/", FERRY)
    assert answer.status_code == 302
    return client, answer.url


def test_an_official_designs_a_registry_by_forms_and_a_leader_approves_it(drafted, seated) -> None:
    client, base = drafted
    field = {"title": "Số chỗ", "name": "seats", "type": "integer", "required": "no", "min": "1"}
    assert post(client, base, f"{base}o/", **field).url == base
    wrong = post(client, base, f"{base}o/", title="Sông", name="Sông", type="text")
    assert wrong.status_code == 422
    assert "Sông" in said(wrong)
    post(client, base, f"{base}o/", title="Sông", name="river", type="text", codes="gear")
    tried = post(client, base, f"{base}luat/", check="seats > 0", act="try")
    assert "Sổ chưa có bản ghi nào." in said(tried)
    rule = {"check": "seats < 100", "say": "Bến dưới 100 chỗ.", "at": "seats"}
    assert post(client, base, f"{base}luat/", **rule).url == base
    columns = {"columns": ["code", "river", "seats"], "filters": [], "sort": "river"}
    assert post(client, base, f"{base}danh-sach/default/", **columns).url == base
    assert post(client, base, f"{base}sua/", act="up:river").url == base
    page = said(client.get(base))
    assert page.index("<code>river</code>") < page.index("<code>seats</code>")
    assert "seats &lt; 100" in page
    assert "Không có gì khác bị ảnh hưởng." in said(client.get(f"{base}tac-dong/"))
    missing = post(client, base, base, act="submit", reason="")
    assert (missing.status_code, "Chưa ghi lý do." in said(missing)) == (422, True)
    assert post(client, base, base, act="submit", reason="Phường cần sổ").url == base
    leader = seated("leader")
    assert "Phường cần sổ" in said(leader.get(base))
    assert post(leader, base, base, act="approve").url == base
    assert registries.publish_due(actor=system("Sổ dữ liệu")) == 1
    assert "Đang hiệu lực" in said(client.get(base))
    entered = {"record.code": "BD-01", "record.river": "Sông Hà Thanh"}
    assert leader.post("/ban-lam-viec/so/local/ben_do_ngang/them/", entered).status_code == 302
    assert "Sông Hà Thanh" in said(leader.get("/ban-lam-viec/so/local/ben_do_ngang/"))


def test_an_official_writes_the_declaration_as_text_and_takes_the_file_away(drafted) -> None:
    client, base = drafted
    text = client.get(f"{base}khai-bao.yaml").content.decode()
    assert "key: [code]" in text
    broken = text.replace("key: [code]", "key: [cod]")
    refused = post(client, base, f"{base}khai-bao/", text=broken)
    line = 1 + text.splitlines().index("key: [code]")
    assert refused.status_code == 422
    assert f"Dòng {line}: Sổ không có ô “cod”. Có phải định viết “code”?" in said(refused)
    assert "key: [cod]" in said(refused)
    renamed = text.replace("title: Bến đò ngang", "title: Bến đò ngang sông")
    assert post(client, base, f"{base}khai-bao/", text=renamed).url == base
    assert "Bến đò ngang sông" in said(client.get(ROOT))


def test_an_officer_without_the_right_sees_no_design(drafted, sign_in) -> None:
    _, base = drafted
    officer = sign_in("reception")
    assert "Vị trí của ông/bà không thiết kế sổ nào" in said(officer.get(ROOT))
    assert officer.get(base).status_code == 404
    assert officer.post(f"{ROOT}moi/", FERRY).status_code == 403


def test_an_official_begins_a_registry_from_a_survey_form_and_reads_what_was_not_taken(
    seated,
) -> None:
    client = seated("admin")
    url = f"{ROOT}tu-bieu-mau/"
    assert f'href="{url}"' in said(client.get(f"{ROOT}moi/"))
    form = SimpleUploadedFile("ben-do.xlsx", workbook(FORM).getvalue())
    bare = client.post(url, {"form": form, "legal": ""})
    assert (bare.status_code, "Chưa ghi mục này." in said(bare)) == (422, True)
    form.seek(0)
    answer = client.post(url, {"form": form, "legal": FERRY["legal"], "title": "Bến khảo sát"})
    assert answer.status_code == 302
    told = said(client.get(answer.url))
    assert "Những chỗ của biểu mẫu chưa lấy được" in told
    assert "Kiểu “audio” của câu hỏi “sound” không có ở sổ." in told
    assert "Tỉnh chưa có danh mục “river”" in told
    base = answer.url.removesuffix("tu-bieu-mau/")
    draft = said(client.get(base))
    assert "Bến khảo sát" in draft
    assert f'href="{base}bieu-mau.xlsx"' in draft
    taken = client.get(f"{base}bieu-mau.xlsx")
    assert taken["Content-Disposition"] == 'attachment; filename="bieu-mau-local-ben_do.xlsx"'
    survey = load_workbook(io.BytesIO(taken.content))["survey"]
    asked = [(row[0].value, row[1].value) for row in survey.iter_rows(min_row=2)]
    # The province keeps no list “gear”: the draft asks in words.
    assert asked[:3] == [("text", "form_number"), ("text", "name"), ("text", "gear")]
    assert "<code>seats</code>" in draft
    assert post(client, base, base, act="submit", reason="Khảo sát năm 2026").url == base
    text = SimpleUploadedFile("a.xlsx", b"type,name\ntext,a\n")
    refused = client.post(url, {"form": text, "legal": FERRY["legal"]})
    assert (refused.status_code, "không phải biểu mẫu XLSForm" in said(refused)) == (422, True)
    assert seated("reception").post(url, {"form": form, "legal": "x" * 9}).status_code in (403, 422)


def test_an_official_who_gives_no_short_name_gets_one_from_the_title(seated) -> None:
    client = seated("admin")
    answer = client.post(f"{ROOT}moi/", {**FERRY, "key": ""})
    assert answer.status_code == 302
    base = answer.url
    assert "<code>ma_ben</code>" in said(client.get(base))
    assert post(client, base, f"{base}o/", title="Số chỗ ngồi", type="integer").url == base
    assert post(client, base, f"{base}danh-sach/", title="Bến lớn", columns=["ma_ben"]).url == base
    draft = said(client.get(base))
    text = client.get(f"{base}khai-bao.yaml").content
    assert "<code>so_cho_ngoi</code>" in draft
    assert f'href="{base}danh-sach/ben_lon/"' in draft
    again = post(client, base, f"{base}danh-sach/", title="Bến lớn", columns=["so_cho_ngoi"])
    assert (again.status_code, "Đã có danh sách tên “ben_lon”." in said(again)) == (422, True)
    assert client.get(f"{base}khai-bao.yaml").content == text


def test_an_official_who_leaves_a_new_registry_empty_is_told_of_each_place_once(seated) -> None:
    answer = seated("admin").post(f"{ROOT}moi/", {})
    assert answer.status_code == 422
    assert answer.context["wrong"] == {
        "title": "Chưa ghi tên sổ.",
        "legal": "Chưa ghi căn cứ pháp lý.",
        "key_title": "Chưa ghi tên của ô làm khóa.",
    }


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"title": "", "type": "text"}, {"title": "Chưa ghi tên."}),
        (
            {"title": "Sông", "name": "Sông", "type": "text"},
            {"name": "Chỉ dùng chữ thường không dấu, chữ số và gạch dưới; bắt đầu bằng chữ."},
        ),
        (
            {"title": "Số chỗ", "type": "integer", "min": "mười"},
            {"min": "“mười” không phải số. Hãy viết số, ví dụ 1.5."},
        ),
        (
            {"title": "Lệ phí", "type": "vnd", "max": "nhiều"},
            {"max": "“nhiều” không phải số. Hãy viết số, ví dụ 150.000 đồng."},
        ),
        (
            {"title": "Số chỗ", "type": "integer", "required": "when", "required_when": "sog > 1"},
            {
                "required": "Không có tên nào là “sog”. "
                "Có thể dùng: capacity, channel, record, today."
            },
        ),
    ],
)
def test_an_official_who_adds_a_wrong_field_is_told_at_its_input(drafted, typed, wrong) -> None:
    client, base = drafted
    before = client.get(f"{base}khai-bao.yaml").content
    answer = post(client, base, f"{base}o/", **typed)
    assert answer.status_code == 422
    assert answer.context["wrong"] == wrong
    assert "Dòng" not in said(answer)
    assert client.get(f"{base}khai-bao.yaml").content == before


def test_an_official_who_writes_a_wrong_rule_or_order_is_told_at_its_input(drafted) -> None:
    client, base = drafted
    rule = post(client, base, f"{base}luat/", check="cod == code", say="Mã phải đúng.")
    assert (rule.status_code, list(rule.context["wrong"])) == (422, ["check"])
    order = post(client, base, f"{base}danh-sach/default/", columns=["code"], sort="cod")
    assert (order.status_code, list(order.context["wrong"])) == (422, ["sort"])
    assert "Có phải định viết “code”?" in said(order)


def test_an_official_picks_days_registries_and_results_as_they_are_called(drafted) -> None:
    client, base = drafted
    day = {"title": "Ngày mở", "name": "opened", "type": "date", "required": "no"}
    limits = {"not_before": "2/9/1945", "not_after": "Hôm nay + 5 năm"}
    assert post(client, base, f"{base}o/", **day, **limits).url == base
    text = client.get(f"{base}khai-bao.yaml").content.decode()
    assert "not_before: 1945-09-02" in text
    assert "not_after: today + 5 năm" in text
    page = said(client.get(f"{base}o/opened/"))
    assert 'name="not_before" type="text" value="02/09/1945"' in page
    assert 'name="not_after" type="text" value="hôm nay + 5 năm"' in page
    assert post(client, base, f"{base}o/opened/", **day, **limits).url == base
    assert client.get(f"{base}khai-bao.yaml").content.decode() == text
    offered = client.get(f"{base}o/").context
    assert [name for name, _title in offered["results"]] == [
        "text",
        "integer",
        "decimal",
        "vnd",
        "date",
        "yes_no",
    ]
    client.cookies["django_language"] = "en"
    english = said(client.get(f"{base}o/opened/"))
    assert 'name="not_after" type="text" value="today + 5 years"' in english


def test_a_leader_reads_in_sentences_what_a_version_does_otherwise(drafted, seated) -> None:
    client, base = drafted
    seats = {"title": "Số chỗ", "name": "seats", "type": "integer", "required": "no", "min": "1"}
    post(client, base, f"{base}o/", **seats)
    post(client, base, f"{base}o/", title="Sông", name="river", type="text")
    post(client, base, base, act="submit", reason="Phường cần sổ")
    leader = seated("leader")
    post(leader, base, base, act="approve")
    assert registries.publish_due(actor=system("Sổ dữ liệu")) == 1
    base = client.post(f"{ROOT}bat-dau/", {"registry": "local/ben_do_ngang"}).url
    changed = {**seats, "title": "Số ghế", "required": "yes", "min": "2", "max": "90"}
    post(client, base, f"{base}o/seats/", **changed)
    day = {"title": "Ngày mở", "name": "opened", "type": "date", "required": "no"}
    post(client, base, f"{base}o/", **day, not_after="hôm nay")
    post(client, base, f"{base}sua/", act="drop_field:river")
    rule = {"check": "seats < 80", "say": "Bến dưới 80 chỗ.", "at": "seats"}
    post(client, base, f"{base}luat/", **rule)
    page = client.get(base)
    assert page.context["told"] == [
        "Ô “Số ghế”: tên đổi từ “Số chỗ” thành “Số ghế”.",
        "Ô “Số ghế”: bắt buộc điền.",
        "Ô “Số ghế”: giới hạn dưới đổi từ “1” thành “2”.",
        "Ô “Số ghế”: thêm giới hạn trên “90”.",
        "Thêm ô “Ngày mở”: Ngày, không bắt buộc điền, không sau ngày “hôm nay”.",
        "Bỏ ô “Sông”.",
        "Thêm luật “Bến dưới 80 chỗ.”, đúng khi “seats < 80”.",
        "Danh sách chính: cột: thêm “Ngày mở”, bỏ “Sông”.",
    ]
    shown = said(page)
    assert shown.index("<li>Bỏ ô “Sông”.</li>") < shown.index("Xem nguyên văn")
    assert shown.index("Xem nguyên văn") < shown.index("title: Số ghế")
    leader.cookies["django_language"] = "en"
    english = leader.get(base).context["told"]
    assert english[1:3] == [
        "Field “Số ghế”: to be filled in.",
        "Field “Số ghế”: lower bound “1” becomes “2”.",
    ]


def test_an_official_who_reads_english_is_told_of_mistakes_in_english(drafted) -> None:
    client, base = drafted
    client.cookies["django_language"] = "en"
    text = client.get(f"{base}khai-bao.yaml").content.decode()
    line = 1 + text.splitlines().index("key: [code]")
    broken = text.replace("key: [code]", "key: [cod]")
    refused = said(post(client, base, f"{base}khai-bao/", text=broken))
    assert f"Line {line}: The register has no field “cod”. Did you mean “code”?" in refused
    wrong = {"title": "Số chỗ", "type": "integer", "min": "mười"}
    told = said(post(client, base, f"{base}o/", **wrong))
    assert "“mười” is not a number. Please write a number, for example 1.5." in told
    rule = said(post(client, base, f"{base}luat/", check="cod == code", say="Mã phải đúng."))
    assert "There is no name “cod”. Did you mean “record”?" in rule


def test_an_officer_is_offered_to_design_registries_only_where_the_page_opens(seated) -> None:
    link = f'href="{ROOT}"'
    offered = {
        role: link in said(seated(role).get("/ban-lam-viec/so/"))
        for role in ("admin", "leader", "handler", "reception")
    }
    assert offered == {"admin": True, "leader": True, "handler": False, "reception": False}
