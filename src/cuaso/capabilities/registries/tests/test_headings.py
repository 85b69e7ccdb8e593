"""What columns are called in lists and sheets, and what a template asks for and shows."""

import io
from datetime import datetime
from typing import Any

from openpyxl import load_workbook

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.tests.conftest import DATA
from cuaso.capabilities.registries.tests.test_sheets import KEY, TITLES, book, line, read
from cuaso.declarations.registries import Registry
from cuaso.foundation.dictionary import api as dictionary
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.numbers import PersonalNumber, Sex


def headings(actor: Actor, language: str = "vi") -> list[str]:
    """Return what the columns of a vessel's owner and of its own name are called in a list."""
    paths = ("name", "owner.full_name", "owner.personal_number", "owner.birth_date")
    query = ListQuery(columns=paths)
    page = registries.list_records(registry=KEY, query=query, actor=actor, language=language)
    return [title for _, title in page.columns]


def test_a_person_is_called_in_a_list_by_who_it_is_or_where_it_is_the_record_by_name(
    vessel: Registry, department: Actor
) -> None:
    owner = ["Chủ tàu: Số định danh cá nhân", "Chủ tàu: Ngày sinh"]
    assert headings(department) == ["Tên tàu", "Chủ tàu", *owner]
    about: dict[str, Any] = vessel.dump()
    for title, item in (("Người", "Hồ sơ"), ("Chủ tàu", "Chủ tàu")):
        about["fields"]["owner"] |= {"title": title, "title_en": "Person"}
        about["item"] = item
        registries.install("harbour", {"vessel": Registry.load(about)}, actor=system("Cài đặt"))
        own = ["Số định danh cá nhân", "Ngày sinh"]
        assert headings(department) == ["Tên tàu", "Họ và tên", *own]
        assert headings(department, "en")[1:] == ["Full name", "Personal number", "Date of birth"]
    about["fields"]["name"]["title"] = "Họ và tên"
    registries.install("harbour", {"vessel": Registry.load(about)}, actor=system("Cài đặt"))
    named = ["Họ và tên", "Chủ tàu: Họ, chữ đệm, tên"]
    assert headings(department)[:2] == named


def test_a_department_brings_in_sheets_with_the_new_and_the_former_heading_of_a_name(
    vessel: Registry, department: Actor
) -> None:
    full = "Chủ tàu: Họ, chữ đệm, tên"
    former = [full if title == "Chủ tàu" else title for title in TITLES]
    for number, titles in enumerate((TITLES, former), 1):
        report = read(book([titles, line(number)]), department)
        assert (report.added, report.bad) == (1, 0)
        assert report.columns[2].path == "owner.full_name"
    about: dict[str, Any] = vessel.dump()
    about["fields"]["owner"]["title"] = "Người"
    registries.install("harbour", {"vessel": Registry.load(about)}, actor=system("Cài đặt"))
    own = ["Số định danh cá nhân", "Ngày sinh"]
    for name, rest in (
        ("Họ và tên", own),
        ("Người: Họ, chữ đệm, tên", [f"Người: {o}" for o in own]),
    ):
        report = read(book([[*TITLES[:2], name, *rest, *TITLES[5:]], line(3)]), department)
        assert (report.added, report.bad) == (1, 0)
        assert [one.path for one in report.columns][2:5] == [
            "owner.full_name", "owner.personal_number", "owner.birth_date",
        ]  # fmt: skip


def test_a_template_asks_by_a_star_only_for_what_is_always_owed_and_shows_words_and_one_person(
    vessel: Registry, department: Actor
) -> None:
    declared: dict[str, Any] = vessel.dump()
    dictionary.install_folder(DATA.parent / "codes")
    parts = ["full_name", "personal_number", "birth_date", "sex"]
    declared["fields"]["owner"] |= {"parts": parts}
    declared["fields"]["struck"] = {"title": "Lý do xóa", "when": "status == 'xoa'"}
    crew = declared["groups"]["crew"]
    crew["fields"]["nets"] = {"title": "Lưới", "codes": "gear"}
    crew["min"] = 1
    registries.install("harbour", {"vessel": Registry.load(declared)}, actor=system("Cài đặt"))
    _, _, content = registries.template(registry=KEY, kind="xlsx", actor=department)
    made = load_workbook(io.BytesIO(content))
    sheet = made["Dữ liệu"]
    paths, titles, example = ([cell.value for cell in sheet[row]] for row in (1, 2, 3))
    heads, shown = dict(zip(paths, titles, strict=True)), dict(zip(paths, example, strict=True))
    assert (heads["number"], heads["struck"]) == ("Số đăng ký *", "Lý do xóa")
    owed = {row[0].value: row[1].value for row in made["Hướng dẫn"].iter_rows()}
    assert (owed["Số đăng ký"], owed["Lý do xóa"]) == ("Có", "Tùy trường hợp")
    labels = {"Lưới vây", "Lưới kéo", "Nghề câu"}
    assert {one.split(" | ")[2] for one in shown["crew"].splitlines()} <= labels
    number = PersonalNumber.parse(shown["owner.personal_number"])
    born = datetime.strptime(shown["owner.birth_date"], "%d/%m/%Y").date()  # noqa: DTZ007 a day
    sex: Sex = "female" if shown["owner.sex"] == "Nữ" else "male"
    assert number.agrees_with(birth_date=born, sex=sex)
    sheet.append([None if value is None else str(value) for value in example[:-1]])
    file = io.BytesIO()
    made.save(file)
    report = read(file, department)
    assert (report.rows, report.added, report.bad) == (1, 1, 0), report.faults
