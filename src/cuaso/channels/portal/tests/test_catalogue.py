"""A guest finds procedures that are not submitted here and reads how to do them."""

import json
import re

import pytest
from django.urls import reverse

from cuaso.kernel.actors import system
from cuaso.services.catalogue import api as catalogue

pytestmark = pytest.mark.django_db
FIND = reverse("portal:find")
WAYS = "Hình thức nộpThời gianPhí, lệ phíMô tả"
PAPERS = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
DESCRIBED = {
    "ma_thu_tuc": "1.999001",
    "ten_thu_tuc": "Cấp giấy phép kinh doanh trứng đà điểu <x>",
    "so_quyet_dinh": "12/QĐ-BNNMT",
    "detail_url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/x",
    "linh_vuc": "Chăn nuôi",
    "cap_thuc_hien": "Cấp tỉnh, Cấp xã",
    "doi_tuong_thuc_hien": "Doanh nghiệp",
    "co_quan_thuc_hien": "Chi cục Chăn nuôi",
    "trinh_tu_thuc_hien": "Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả.",
    "cach_thuc_thuc_hien": f"{WAYS}Trực tiếp5 Ngày làm việc50,000 VNĐ(mỗi giấy)Nộp tại chỗ"
    "Trực tuyến1Miễn phí",
    "thanh_phan_ho_so": f"--{PAPERS}Đơn đề nghị;mau01.doc1 bản chính,2 bản sao",
    "can_cu_phap_ly": "Tên văn bản pháp lýMã văn bảnLuật Chăn nuôi32/2018/QH14",
    "ket_qua_xu_ly": "Giấy phépMã: KQ.G10.000001Từ khóaKhông có thông tinMô tảKhông có thông tin",
}


@pytest.fixture
def described(tmp_path):
    """Return who fills the catalogue with records."""

    def fill(*records: dict[str, str]) -> None:
        path = tmp_path / "danh-muc.jsonl"
        path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        catalogue.import_file(path=path, actor=system("Người quản trị"))

    return fill


def links(page) -> list[str]:
    return re.findall(r'<li><a href="/thu-tuc/([0-9.]+)/"', page.content.decode())


@pytest.mark.parametrize("typed", ["trứng đà điểu", "trung da dieu", "1.999001", "chan nuoi trung"])
def test_a_guest_finds_a_described_procedure_with_or_without_marks(client, described, typed):
    described(DESCRIBED)
    page = client.get(FIND, {"q": typed})
    said = page.content.decode()
    assert links(page) == ["1.999001"]
    assert "Thủ tục khác: xem hướng dẫn và nơi nộp" in said
    assert "Thời hạn: 5 ngày làm việc" in said
    assert "Nộp tại: Chi cục Chăn nuôi" in said


def test_a_guest_sees_what_is_submitted_here_first_and_once(client, described):
    described(
        {**DESCRIBED, "ma_thu_tuc": "1.001193", "ten_thu_tuc": "Thủ tục đăng ký khai sinh"},
        {**DESCRIBED, "ten_thu_tuc": "Thủ tục đăng ký khai sinh cho đà điểu"},
    )
    found = links(client.get(FIND, {"q": "đăng ký khai sinh"}))
    assert found.count("1.001193") == 1
    assert found[-1] == "1.999001"


def test_a_described_procedure_that_fits_stands_before_loose_finds(client, described):
    described(DESCRIBED)
    assert links(client.get(FIND, {"q": "giấy phép trứng"})) == ["1.999001"]


def test_a_guest_leafs_through_many_finds(client, described):
    records = [
        {**DESCRIBED, "ma_thu_tuc": f"1.9990{number:02}", "ten_thu_tuc": f"Nuôi đà điểu {number}"}
        for number in range(25)
    ]
    described(*records)
    first = client.get(FIND, {"q": "nuôi đà điểu"})
    onwards = re.search(r'href="(\?q=[^"]+&amp;sau=[^"]+)" rel="next"', first.content.decode())
    assert onwards is not None
    second = client.get(FIND + onwards[1].replace("&amp;", "&"))
    assert len(links(first)) == 20
    assert sorted(links(first) + links(second)) == [record["ma_thu_tuc"] for record in records]
    assert "Về đầu danh sách" in second.content.decode()


def test_a_guest_reads_the_guide_of_a_described_procedure(client, described):
    described(DESCRIBED)
    page = client.get(reverse("portal:procedure", args=["1.999001"]))
    said = page.content.decode()
    assert page.status_code == 200
    assert "Cấp giấy phép kinh doanh trứng đà điểu &lt;x&gt;" in said
    assert said.count("Đọc từ bản ghi của Cổng Dịch vụ công quốc gia.") == 5
    for expected in (
        "5 ngày làm việc",
        "50.000 đồng<small>mỗi giấy</small>",
        "Đơn đề nghị;, 1 bản chính, 2 bản sao",
        "mau01.doc",
        "<h3>Bước 1</h3><p>Nộp hồ sơ.</p>",
        'Giấy phép <span class="code">KQ.G10.000001</span>',
        'Luật Chăn nuôi <span class="code">32/2018/QH14</span>',
        "Chi cục Chăn nuôi",
        "Thủ tục này chưa nộp được tại đây.",
        'href="https://dichvucong.gov.vn/thu-tuc-hanh-chinh/x"',
    ):
        assert expected in said
    assert "Bắt đầu làm" not in said


def test_a_guest_sees_what_was_not_read_as_it_stands(client, described):
    described(DESCRIBED)
    said = client.get(reverse("portal:procedure", args=["1.999001"])).content.decode()
    assert "Phần chưa đọc được, giữ nguyên văn" in said
    assert "“Trực tuyến: 1”" in said
    assert "không có đơn vị" in said


def test_a_guest_reads_the_frame_of_the_guide_in_english(client, described):
    described(DESCRIBED)
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    said = client.get(reverse("portal:procedure", args=["1.999001"])).content.decode()
    assert "This procedure cannot be submitted here yet." in said
    assert '<h1 lang="vi">' in said


def test_the_guide_stays_away_where_the_procedure_is_submitted_here(client, described):
    described({**DESCRIBED, "ma_thu_tuc": "1.001193"})
    said = client.get(reverse("portal:procedure", args=["1.001193"])).content.decode()
    assert "Bắt đầu làm" in said
    assert "trứng đà điểu" not in said


def test_a_guest_narrows_what_is_described_and_the_next_page_keeps_it(client, described):
    other = {**DESCRIBED, "linh_vuc": "Thú lạ", "cap_thuc_hien": "Cấp bộ"}
    described(*({**other, "ma_thu_tuc": f"1.9991{n:02d}"} for n in range(25)), DESCRIBED)
    page = client.get(FIND, {"q": "trung da dieu", "cap": "bo", "linh-vuc": "Thú lạ"})
    said = page.content.decode()
    assert len(links(page)) == 20
    assert '<option value="bo" selected>Cấp bộ (25)</option>' in said
    assert '<option value="Chăn nuôi">' not in said
    (onwards,) = re.findall(r'href="(\?[^"]*sau=[^"]*)"', said)
    assert "cap=bo" in onwards
    following = client.get(FIND + onwards.replace("&amp;", "&"))
    assert len(links(following)) == 5
