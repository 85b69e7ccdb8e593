"""TT-I.3: what data each sector must hold, holds and lacks; the province's plan is their sum."""

from datetime import date

import pytest
from django.db import connection

from cuaso.services.planning import api as planning
from cuaso.services.planning.contracts import Totals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
DAY = date(2026, 10, 7)


@pytest.fixture(autouse=True)
def no_registry(db):
    """Let nobody hold data but whom the plan names: packs may bring registries at any time."""
    with connection.cursor() as cursor:
        cursor.execute("delete from dictionary_use")


def test_TT_I_3_the_plan_of_the_province_is_the_sum_of_its_sectors():
    plan = planning.plan(on=DAY)
    assert len(plan.sectors) == 14
    assert plan.totals == sum((one.totals for one in plan.sectors), Totals())
    assert plan.totals == sum((figures for _, figures in plan.by_year), Totals())
    alone = [planning.plan(sector=one.sector, on=DAY).totals for one in plan.sectors]
    assert plan.totals == sum(alone, Totals())
    counted = plan.totals
    assert counted.must == counted.held + counted.copied + counted.missing == 60


def test_TT_I_3_what_nobody_holds_is_a_gap_with_its_article_and_steward():
    lines = [one for part in planning.plan(on=DAY).sectors for one in part.lines]
    gaps = {one.element_key for one in lines if one.state == "missing"}
    assert gaps >= {"place.parcel_number", "place.map_sheet", "place.land_area", "place.population"}
    (parcel,) = [one for one in lines if one.element_key == "place.parcel_number"]
    assert parcel.source == "Luật Đất đai 31/2024/QH15, Điều 163 đến Điều 165"
    assert parcel.steward == "so-nong-nghiep-va-moi-truong-gia-lai"
    assert (parcel.year, parcel.late, parcel.unverified) == (2025, True, True)


def test_TT_I_3_two_sectors_that_hold_the_same_as_source_show_as_a_duplicate():
    doubled = {one.element_key: one for one in planning.plan(on=DAY).duplicates}
    assert doubled.keys() == {"organisation.name", "organisation.tax_code"}
    assert doubled["organisation.tax_code"].across_sectors
    assert doubled["organisation.tax_code"].say == (
        "“Mã số thuế” có 2 nơi cùng nhận là nguồn gốc: “Cơ sở dữ liệu đăng ký doanh nghiệp”, "
        "“Danh sách cơ sở kinh doanh của ngành Công Thương”. Cần chọn một nguồn, các nơi khác "
        "dùng lại."
    )
