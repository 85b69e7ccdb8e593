"""Both regimes as dated law: form numbers, titles and versions on each side of 1 July 2025."""

from datetime import date

import pytest

from cuaso.services.procedures.logic.matter import catalogue, declared
from cuaso.services.procedures.models import ProcedureVersion

pytestmark = pytest.mark.django_db

JUNE, JULY = date(2025, 6, 30), date(2025, 7, 1)
OLD = "Phụ lục ban hành kèm theo Thông tư 01/2018/TT-VPCP"
NEW = "Phụ lục I ban hành kèm theo Thông tư 03/2025/TT-VPCP"


def said(name: str, day: date) -> str | None:
    version = catalogue.version_on(code="1.001193", on=day)
    value = declared.law(version, on=day).get(name)
    return str(value["value"]) if value else None


@pytest.mark.parametrize(
    ("form", "before", "since"),
    [
        ("form_receipt", f"Mẫu số 01, {OLD}", f"Mẫu số 01, {NEW}"),
        ("form_supplement", f"Mẫu số 02, {OLD}", f"Mẫu số 02, {NEW}"),
        ("form_refusal", f"Mẫu số 03, {OLD}", f"Mẫu số 03, {NEW}"),
        ("form_apology", f"Mẫu số 04, {OLD}", f"Mẫu số 04, {NEW}"),
        ("form_stop_notice", None, f"Mẫu số 05, {NEW}"),
        ("form_control_sheet", f"Mẫu số 05, {OLD}", f"Mẫu số 06, {NEW}"),
        ("form_register", f"Mẫu số 06, {OLD}", f"Mẫu số 07, {NEW}"),
        (
            "title_apology",
            "Phiếu xin lỗi và hẹn lại ngày trả kết quả",
            "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
        ),
        (
            "regime",
            "Nghị định 61/2018/NĐ-CP và Thông tư 01/2018/TT-VPCP",
            "Nghị định 118/2025/NĐ-CP và Thông tư 03/2025/TT-VPCP",
        ),
    ],
)
def test_a_form_changes_its_number_between_30_june_and_1_july_2025(form, before, since):
    assert (said(form, JUNE), said(form, JULY)) == (before, since)


def test_no_value_of_either_regime_pretends_to_have_been_read_in_its_official_text():
    for day in (JUNE, JULY):
        law = declared.law(catalogue.version_on(code="1.001193", on=day), on=day)
        forms = {name: one["unverified"] for name, one in law.items() if name[:4] == "form"}
        assert forms
        assert [name for name, unverified in forms.items() if not unverified] == []


def test_a_day_of_an_earlier_decision_has_the_version_of_that_decision():
    found = {day: catalogue.version_on(code="1.001193", on=day) for day in (JUNE, JULY)}
    assert found[JUNE].from_date == date(2016, 1, 1)
    assert found[JUNE].until_date == JUNE
    assert found[JULY].from_date == JULY
    assert found[JUNE].decision != found[JULY].decision


def test_a_list_of_a_day_shows_each_procedure_once():
    for day in (JUNE, JULY, date(2026, 10, 7)):
        codes = list(catalogue.current(on=day).values_list("code", flat=True))
        assert "1.001193" in codes
        assert len(codes) == len(set(codes))


def test_every_decision_of_a_procedure_is_published_once():
    rows = ProcedureVersion.objects.filter(code="1.001193").values_list("from_date", "sha256")
    assert sorted(day for day, _sha in rows) == [
        date(2016, 1, 1),
        date(2025, 7, 1),
        date(2026, 1, 1),
    ]
    assert len({sha for _day, sha in rows}) == 1
