"""The data plan: duties against what is held, computed for a day."""

import io
import zipfile
from datetime import date

import pytest
from django.db import connection
from openpyxl import load_workbook

from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.dictionary.contracts import UseEntry
from cuaso.foundation.directory import api as directory
from cuaso.kernel.errors import Invalid, NotAllowed
from cuaso.kernel.subjects import Subject
from cuaso.services.planning import api
from cuaso.services.planning.contracts import Totals
from cuaso.services.planning.models import Holding, Obligation
from tests.support.pdf import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
DAY = date(2026, 10, 7)


@pytest.fixture(autouse=True)
def no_registry(db):
    """Let nobody hold data but whom the plan names: packs may bring registries at any time."""
    with connection.cursor() as cursor:
        cursor.execute("delete from dictionary_use")


def lines(sector: str, **asked):
    return {one.element_key: one for one in api.plan(sector=sector, **asked).sectors[0].lines}


def record_registry(key: str) -> None:
    entry = UseEntry(
        kind="registry",
        system="land.parcel",
        system_title="Sổ địa chính",
        path="number",
        title="Số thửa",
        element_key=key,
    )
    dictionary.record_uses("registry:land.parcel", [entry])


def test_a_registry_that_names_an_element_closes_the_gap_by_itself():
    before = lines("agriculture")["place.parcel_number"]
    assert (before.state, before.late, before.year) == ("missing", True, 2025)
    record_registry("place.parcel_number")
    after = lines("agriculture")["place.parcel_number"]
    assert (after.state, after.late) == ("copied", False)
    assert [(one.title, one.known_by) for one in after.holders] == [("Sổ địa chính", "registry")]


def test_a_duty_counts_only_on_the_days_of_its_law():
    assert lines("home", on=date(2025, 6, 30)).keys() == {
        "organisation.name",
        "organisation.agency_code",
        "organisation.staff_count",
    }
    assert "person.social_insurance_number" in lines("home", on=DAY)


def test_a_holding_that_ended_holds_nothing_any_more():
    Holding.objects.filter(system="treasury").update(until_date=date(2026, 10, 1))
    assert lines("finance")["money.budget_year"].state == "missing"
    assert lines("finance", on=date(2026, 9, 30))["money.budget_year"].state == "held"


def test_a_leader_moves_the_year_of_a_duty_and_a_new_installation_leaves_it(official, settings):
    duty = Obligation.objects.get(key="cadastre")
    api.set_target(id=duty.id, year=2028, reason="Chờ đo đạc", actor=official("leader"))
    api.install_packs()
    assert Obligation.objects.get(key="cadastre").year == 2028
    assert not lines("agriculture")["place.parcel_number"].late
    entry = audit.history(Subject(kind="planning.obligation", id=duty.id))[-1]
    assert (entry.act, entry.reason, entry.content["before"]) == (
        "planning.target_set",
        "Chờ đo đạc",
        2025,
    )


@pytest.mark.parametrize(("year", "reason"), [(2025, "x"), (2047, "x"), (2027, " ")])
def test_a_year_that_is_over_or_without_a_reason_is_refused(official, year, reason):
    duty = Obligation.objects.get(key="cadastre")
    with pytest.raises(Invalid):
        api.set_target(id=duty.id, year=year, reason=reason, actor=official("leader"))
    with pytest.raises(NotAllowed):
        api.set_target(id=duty.id, year=2027, reason="x", actor=official("handler"))
    assert Obligation.objects.get(key="cadastre").year == 2025


def test_installing_the_plan_again_changes_nothing():
    assert api.install_packs() == 0


def test_the_workbook_says_what_the_plan_says_and_no_text_becomes_a_formula(official):
    Obligation.objects.filter(key="cadastre").update(title='=HYPERLINK("http://x")')
    content = api.plan_workbook(actor=official("leader"), on=DAY)
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Tổng hợp", "Chi tiết", "Trùng nguồn"]
    plan = api.plan(on=DAY)
    sums = list(book["Tổng hợp"].iter_rows(values_only=True))
    assert sums[-1] == ("Toàn tỉnh", plan.totals.must, *list(sums[-1][2:]))
    assert len(sums) == 2 + len(plan.sectors)
    assert book["Chi tiết"].max_row == 1 + plan.totals.must
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet2.xml")
    about = Subject(kind="directory.agency", id=directory.province().committee_id)
    assert audit.history(about)[-1].act == "planning.plan_drawn"


def test_the_paper_of_one_sector_has_its_lines_and_its_sum(official):
    paper = api.plan_paper(actor=official("leader"), sector="agriculture", on=DAY)
    text = " ".join(text_of(paper).split())
    assert "QUY HOẠCH DỮ LIỆU NGÀNH NÔNG NGHIỆP VÀ MÔI TRƯỜNG" in text
    assert text.count("Chưa có, quá") == 3
    assert "Số tờ bản đồ" in text
    assert "Sổ hộ tịch điện tử" in text


def test_sums_add_up_figure_by_figure():
    one = Totals(must=3, held=1, copied=1, missing=1, late=1, shared=1)
    assert one + Totals(must=1, held=1, published=1) == Totals(
        must=4, held=2, copied=1, missing=1, late=1, shared=1, published=1
    )
