"""What officials read while records follow a new formula, and when they have."""

from datetime import timedelta

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.channels.desk.tests import test_registry_bins as bins
from cuaso.channels.desk.tests.test_registry_design import ROOT, post, said
from cuaso.kernel import clock
from cuaso.kernel.actors import system

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
seats = bins.seats
WORKER = system("Sổ dữ liệu")


def test_an_official_reads_how_many_records_are_left_and_which_a_formula_could_not_compute(
    seats,
) -> None:
    admin, leader, first = seats
    leader.post(f"{bins.BASE}them/", {"record.code": "BD-0002"})
    base = admin.post(f"{ROOT}bat-dau/", {"registry": bins.KEY}).url
    formula = {"type": "computed", "is": "100 / (size(code) - 5)", "as": "integer"}
    field = {"title": "Chỗ trống", "name": "room", **formula}
    assert post(admin, base, f"{base}o/", **field).url == base
    bins.publish(admin, leader, base)
    assert "tính lại" not in said(admin.get(base))
    assert registries.recompute_due(actor=WORKER, size=1) == 1
    for page in (base, bins.BASE):
        told = said(admin.get(page))
        assert "<b>Đang tính lại 1 bản ghi theo phiên bản 2.</b>" in told
        assert "Đã xem 1 trên 2 bản ghi, 0 bản ghi có giá trị mới. Ô được tính: Chỗ trống." in told
    while registries.recompute_due(actor=WORKER, size=1):
        pass
    told, listed = said(admin.get(base)), said(admin.get(bins.BASE))
    for page in (told, listed):
        assert "đã xem 2 bản ghi, 1 bản ghi có giá trị mới. Ô được tính: Chỗ trống." in page
        assert "<b>1 bản ghi không tính được, nên giữ giá trị đang có.</b>" in page
        assert "Đang tính lại" not in page
    failing = f'<a href="{bins.BASE}{first}/">BD-01</a>: Chỗ trống chưa tính được.'
    assert (failing in told, failing in listed) == (True, False)
    assert f'<a href="{base}">Xem phiên bản và các bản ghi ấy</a>' in listed
    history = said(leader.get(f"{bins.BASE}{first}/"))
    assert "Tính lại theo công thức" not in history


def test_a_clerk_reads_in_the_history_of_a_record_that_the_system_computed_it(seats) -> None:
    admin, leader, first = seats
    edited = {"record.code": "BD-01", "record.seats": "40", "revision": "1"}
    assert leader.post(f"{bins.BASE}{first}/sua/", edited).status_code == 302
    base = admin.post(f"{ROOT}bat-dau/", {"registry": bins.KEY}).url
    formula = {"type": "computed", "is": "size(code)", "as": "integer"}
    field = {"title": "Số chữ", "name": "letters", **formula}
    post(admin, base, f"{base}o/", **field)
    bins.publish(admin, leader, base)
    with clock.at(clock.now() - timedelta(days=2)):
        assert registries.recompute_due(actor=WORKER) == 1
    page = said(leader.get(f"{bins.BASE}{first}/"))
    assert "Tính lại theo công thức" in page
    assert "Tính lại ô “Số chữ” theo phiên bản 2 của sổ." in page
    # What formulas give is not undone; what the clerk wrote still is.
    assert page.count("Hoàn tác lần ghi này") == 1
    # Two days later the list tells nothing more of it, the version still does.
    assert [text in said(admin.get(bins.BASE)) for text in ("tính lại", "BD-01")] == [False, True]
    assert "Đã tính lại xong" in said(admin.get(base))
