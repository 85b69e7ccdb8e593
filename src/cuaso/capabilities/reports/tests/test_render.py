import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cuaso.capabilities.reports import api as reports
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotFound

TEMPLATES = Path(__file__).parent / "templates"
MADE_AT = datetime(2025, 8, 4, 3, 0, tzinfo=UTC)
CONFIRMATION = {
    "province": "Tỉnh Gia Lai",
    "agency": "Ủy ban nhân dân phường Quy Nhơn",
    "signer": {"authority": "TM. ỦY BAN NHÂN DÂN", "title": "Chủ tịch", "name": "Nguyễn Thị Ưởng"},
    "person": {"name": "Trần Đặng Quỹ", "birth_date": "1990-02-05"},
    "purpose": "đăng ký kết hôn",
}
RECEIPT = {"code": "H08.12-250804-0001", "applicant": "Lê Ỷ Nghĩa", "received": "2025-08-04"}


def confirmation(**more):
    return reports.render(
        template=TEMPLATES / "confirmation.typ", data=CONFIRMATION, made_at=MADE_AT, **more
    )


def text_of(pdf, *options):
    out = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True
    )
    return out.stdout.decode()


def write(folder, text):
    path = folder / "paper.typ"
    path.write_text('#import "@local/cuaso:1.0.0": *\n' + text, encoding="utf-8")
    return path


@pytest.mark.outside
def test_an_official_reads_the_words_as_decree_30_writes_them():
    text = " ".join(text_of(confirmation()).split())
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "TỈNH GIA LAI",
        "GIẤY XÁC NHẬN",
        "CHỦ TỊCH",
        "Nguyễn Thị Ưởng",
        "sinh ngày 05 tháng 02 năm 1990",
        "ngày năm tháng hai năm một nghìn chín trăm chín mươi",
    ):
        assert words in text


@pytest.mark.outside
def test_a_citizen_gets_a_receipt_with_a_dotted_line_where_nothing_is_known():
    pdf = reports.render(template=TEMPLATES / "receipt.typ", data=RECEIPT, made_at=MADE_AT)
    text = text_of(pdf)
    assert "H08.12-250804-0001" in text
    assert "04/08/2025" in text
    assert "Ghi chú:" in text
    assert "....." in text.replace(" ", "")


def test_the_same_input_makes_the_same_bytes_and_the_moment_is_part_of_it():
    later = datetime(2025, 8, 5, tzinfo=UTC)
    assert confirmation() == confirmation()
    with clock.at(MADE_AT):
        assert (
            reports.render(template=TEMPLATES / "confirmation.typ", data=CONFIRMATION)
            == confirmation()
        )
    with clock.at(later):
        assert (
            reports.render(template=TEMPLATES / "confirmation.typ", data=CONFIRMATION)
            != confirmation()
        )


def test_a_paper_is_pdf_a_2b_and_with_attachments_pdf_a_3b():
    plain, carrying = confirmation(), confirmation(attachments={"du-lieu.json": '{"tên": "Ỷ"}'})
    assert b"<pdfaid:part>2</pdfaid:part>" in plain
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in plain
    assert b"<pdfaid:part>3</pdfaid:part>" in carrying
    assert b"/EmbeddedFile" in carrying


@pytest.mark.outside
def test_only_vendored_fonts_are_in_a_paper():
    out = subprocess.run(["pdffonts", "-"], input=confirmation(), capture_output=True, check=True)
    names = {line.split()[0].split("+")[1] for line in out.stdout.decode().splitlines()[2:]}
    assert names == {"Tinos-Regular", "Tinos-Bold", "Tinos-BoldItalic"}


def test_the_qr_code_stands_on_the_page_when_asked_for():
    assert len(confirmation(qr="https://example.vn/k/ABC")) > len(confirmation())


@pytest.mark.outside
def test_number_date_and_signature_stay_blank_and_keep_their_declared_places():
    places = {
        "number": {"x": "120", "y": "700", "width": "100", "height": "18"},
        "signature": {"x": 300, "y": 100, "width": 200, "height": 60},
    }
    pdf = reports.render(
        template=TEMPLATES / "confirmation.typ",
        data=CONFIRMATION | {"places": places},
        made_at=MADE_AT,
    )
    boxes = {
        match[5]: [float(match[index]) for index in range(1, 5)]
        for match in re.finditer(
            r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)<',
            text_of(pdf, "-bbox"),
        )
    }
    number, name = boxes["Số:"], boxes["Ưởng"]
    assert 110 < number[2] < 120
    assert abs((number[1] + number[3]) / 2 - (841.89 - 709)) < 4
    assert name[1] > 841.89 - 100


def test_a_template_without_its_data_is_refused_with_file_and_line(tmp_path):
    template = write(tmp_path, "\n\n#data.person.name\n")
    with pytest.raises(Invalid) as refused:
        reports.render(template=template, data={"applicant": "x"})
    assert refused.value.code == "reports.template_wrong"
    assert refused.value.data == {"template": "paper.typ", "line": 4}
    assert "paper.typ, dòng 4" in str(refused.value)


def test_a_wrong_template_is_refused_with_file_and_line(tmp_path):
    with pytest.raises(Invalid) as refused:
        reports.render(template=write(tmp_path, "#let x = (\n"), data={})
    assert refused.value.data == {"template": "paper.typ", "line": 2}


def test_text_that_would_run_into_the_signing_block_is_refused_not_printed_over(tmp_path):
    template = write(tmp_path, "#show: administrative.with(agency: [UBND])\n#lorem(700)\n")
    with pytest.raises(Invalid, match="sẽ đè lên khối chữ ký"):
        reports.render(template=template, data={})


@pytest.mark.parametrize(
    "line", ['#read("../secret.txt")', '#read("/etc/passwd")', '#image("../a.png")']
)
def test_a_template_cannot_read_outside_its_folder(tmp_path, line):
    (tmp_path / "secret.txt").write_text("bí mật")
    inner = tmp_path / "inner"
    inner.mkdir()
    with pytest.raises(Invalid) as refused:
        reports.render(template=write(inner, line), data={})
    assert refused.value.data["line"] == 2


def test_a_template_cannot_fetch_a_package(tmp_path):
    template = write(tmp_path, '\n#import "@preview/cetz:0.3.0"\n')
    with pytest.raises(Invalid) as refused:
        reports.render(template=template, data={})
    assert refused.value.data == {"template": "paper.typ", "line": 3}
    assert "thư viện ngoài" in refused.value.why


def test_data_that_is_no_json_is_refused():
    with pytest.raises(Invalid) as refused:
        reports.render(template=TEMPLATES / "receipt.typ", data={"when": MADE_AT})
    assert refused.value.code == "reports.template_wrong"


def test_an_unknown_template_is_not_found(tmp_path):
    with pytest.raises(NotFound) as refused:
        reports.render(template=tmp_path / "none.typ", data={})
    assert refused.value.code == "reports.no_template"


def test_a_template_that_never_ends_is_refused(tmp_path):
    template = write(tmp_path, "#let x = 0\n#while x >= 0 { x += 1 }\n")
    with pytest.raises(Invalid, match="loop seems to be infinite"):
        reports.render(template=template, data={})


def test_words_of_the_applicant_are_text_and_never_typst(tmp_path):
    template = write(tmp_path, "#data.name\n")
    hostile = '#read("/etc/passwd") *đậm* $x$ \\ <a>'
    assert reports.render(template=template, data={"name": hostile}).startswith(b"%PDF-")
