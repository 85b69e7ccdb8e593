"""The pages of declared registries, as an officer of a department works with them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, RecordView
from cuaso.channels.desk.tests.conftest import BACKEND
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

pytestmark = pytest.mark.django_db
KEY = "agriculture/fishing_vessel"
BASE = f"/ban-lam-viec/so/{KEY}/"
VESSEL = {
    "record.number": "BĐ-91001-TS",
    "record.vessel_name": "Hải Âu Minh Hoạ",
    "record.owner_name": "Nguyễn Văn Minh Hoạ",
    "record.owner_number": "052080000001",
    "record.owner_phone": "0900000001",
    "record.commune": "21583",
    "record.case": "new",
    "record.registered": "02/03/2020",
    "record.built": "2014",
    "record.hull": "wood",
    "record.length": "10,8",
    "record.width": "3,2",
    "record.power": "150",
    "record.gear": "seine",
    "record.zone": "coastal",
    "record.port": "quy_nhon",
    "record.tracker": "none",
    "record.risk": "no",
    "engines.0.make": "YANMAR 6HA",
    "engines.0.number": "M01234567",
    "engines.0.power": "150",
}


@pytest.fixture
def officer(working_morning) -> Callable[[str], Actor]:
    """Return who holds a role in the department of fisheries."""

    def find(role: str) -> Actor:
        agency = directory.agency_by_key("chi-cuc-thuy-san-gia-lai")
        holder = directory.holders_below(agency.id, role)[0]
        return directory.actor_for_post(holder.post.id)

    return find


@pytest.fixture
def seated(officer) -> Callable[[str], Client]:
    """Return the browser of who holds a role in the department of fisheries."""

    def client_of(role: str) -> Client:
        account = get_user_model().objects.get(person_id=officer(role).person_id, kind="official")
        client = Client()
        client.force_login(account, backend=BACKEND)
        return client

    return client_of


@pytest.fixture
def vessels(officer) -> list[RecordView]:
    """Return three vessels that the handler has entered."""
    return [
        registries.add(
            registry=KEY,
            values={**VESSEL, "record.number": f"BĐ-9100{number}-TS", "record.vessel_name": name},
            actor=officer("handler"),
        )
        for number, name in ((1, "Hải Âu"), (2, "Biển Xanh"), (3, "Thuận Phong"))
    ]


def said(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def listed(answer) -> list[str]:
    return [row.cells[0].text for row in answer.context["page"].rows]


def test_kt_e5_a_clerk_finds_a_vessel_without_diacritics_and_sees_how_many(seated, vessels):
    page = seated("handler").get(BASE, {"q": "bien xanh"})
    assert listed(page) == ["BĐ-91002-TS"]
    assert "1 bản ghi" in said(page)
    assert f'href="{BASE}{vessels[1].id}/"' in said(page)
    empty = seated("handler").get(BASE, {"q": "khong co tau nay"})
    assert listed(empty) == []
    assert "Không có bản ghi nào khớp" in said(empty)


def test_a_clerk_builds_a_condition_of_any_field_and_takes_it_away_again(seated, vessels):
    client = seated("handler")
    step = client.get(BASE, {"o": "length"})
    assert 'name="tu"' in said(step)
    assert listed(step) == ["BĐ-91001-TS", "BĐ-91002-TS", "BĐ-91003-TS"]
    answered = client.get(BASE, {"o": "length", "tu": "11", "den": ""})
    assert answered.status_code == 302
    none = client.get(answered["Location"])
    assert listed(none) == []
    assert "Chiều dài lớn nhất từ 11" in said(none)
    assert none.context["chips"][0].url == f"{BASE}?"
    both = client.get(BASE, {"loc": ["length:to:11", "gear:any:seine|trawl"], "sx": "-number"})
    assert listed(both) == ["BĐ-91003-TS", "BĐ-91002-TS", "BĐ-91001-TS"]
    wrong = client.get(BASE, {"loc": "length:from:dài"})
    assert wrong.status_code == 422
    assert "không phải số" in said(wrong)


def test_quick_filters_say_how_many_records_each_value_has(seated, vessels):
    page = seated("handler").get(BASE, {"o.gear": "seine", "q": "hai au"})
    assert listed(page) == ["BĐ-91001-TS"]
    counted = {facet.path: facet for facet, _chosen in page.context["facets"]}
    gears = {one.code: one.count for one in counted["gear"].choices}
    assert (gears["seine"], gears["trawl"]) == (1, 0)
    assert "Lưới vây (1)" in said(page)


def test_columns_are_chosen_and_pages_turned_by_a_cursor(seated, vessels, monkeypatch):
    monkeypatch.setattr("cuaso.channels.desk.registries.asking.SIZE", 2)
    client = seated("handler")
    first = client.get(BASE, {"cot": ["vessel_name", "length"]})
    assert [head.title for head in first.context["heads"]] == ["Tên tàu", "Chiều dài lớn nhất"]
    assert listed(first) == ["Hải Âu", "Biển Xanh"]
    second = client.get(first.context["next"])
    assert listed(second) == ["Thuận Phong"]
    assert second.context["next"] == ""
    assert second.context["first"] == f"{BASE}?cot=vessel_name&cot=length"


def test_a_colleague_uses_a_shared_filter_and_only_its_owner_drops_it(seated, vessels, officer):
    handler, leader = seated("handler"), seated("leader")
    query = "?loc=gear%3Ais%3Aseine&sau=x&la=1"
    kept = {"title": "Tàu lưới vây", "query": query, "shared": "true"}
    answer = handler.post(f"{BASE}bo-loc/", kept)
    assert answer["Location"] == f"{BASE}?loc=gear%3Ais%3Aseine"
    view = leader.get(BASE).context["views"][0]
    assert (view.title, view.query, view.own) == ("Tàu lưới vây", "loc=gear%3Ais%3Aseine", False)
    assert leader.post(f"{BASE}bo-loc/{view.id}/bo/").status_code == 404
    assert len(registries.saved_views(registry=KEY, actor=officer("handler"))) == 1
    handler.post(f"{BASE}bo-loc/{view.id}/bo/")
    assert registries.saved_views(registry=KEY, actor=officer("handler")) == ()


def test_kt_e5_a_clerk_enters_changes_and_undoes_with_the_history_told(seated, officer):
    client = seated("handler")
    made = client.post(f"{BASE}them/", {**VESSEL, "act": "save"})
    assert made.status_code == 302
    page = client.get(made["Location"])
    assert "BĐ-91001-TS" in said(page)
    assert "Đang hoạt động" in said(page)
    typed = {**VESSEL, "record.vessel_name": "Hải Âu 2", "revision": "1", "reason": "Đổi tên"}
    changed = client.post(f"{made['Location']}sua/", typed)
    assert changed["Location"] == made["Location"]
    page = client.get(made["Location"])
    assert "Tên tàu: <del>Hải Âu Minh Hoạ</del> <ins>Hải Âu 2</ins>" in said(page)
    assert "Lý do: Đổi tên" in said(page)
    change = page.context["history"][0].id
    record = page.context["record"].id
    client.post(f"{BASE}hoan-tac/{change}/", {"record": str(record)})
    back = registries.record(registry=KEY, id=record, actor=officer("handler"))
    assert (back.text("vessel_name"), back.revision) == ("Hải Âu Minh Hoạ", 3)


def test_a_wrong_form_comes_back_with_what_was_typed_and_writes_nothing(seated, officer):
    typed = {**VESSEL, "record.number": "12", "record.length": "16"}
    answer = seated("handler").post(f"{BASE}them/", {**typed, "act": "save"})
    assert answer.status_code == 422
    assert 'href="#f-record-number"' in said(answer)
    assert "Số đăng ký viết như BĐ-91234-TS." in said(answer)
    assert 'value="16"' in said(answer)
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=officer("handler"))
    assert page.rows == ()


def test_a_row_is_added_and_taken_out_without_a_script(seated):
    client = seated("handler")
    more = client.post(f"{BASE}them/", {**VESSEL, "act": "add:engines"})
    assert 'name="engines.1.make"' in said(more)
    less = client.post(
        f"{BASE}them/", {**VESSEL, "engines.1.make": "HINO", "act": "remove:engines:0"}
    )
    assert 'value="HINO"' in said(less)
    assert 'value="YANMAR 6HA"' not in said(less)


def test_an_unfinished_form_is_found_again_and_gone_when_it_is_written(seated, officer):
    client = seated("handler")
    client.post(f"{BASE}them/", {"record.number": "BĐ-9", "act": "draft"})
    assert (
        registries.list_records(registry=KEY, query=ListQuery(), actor=officer("handler")).rows
        == ()
    )
    again = client.get(f"{BASE}them/")
    assert 'value="BĐ-9"' in said(again)
    assert "Đây là bản nháp ông/bà lưu" in said(again)
    client.post(f"{BASE}them/", {**VESSEL, "act": "save"})
    assert "bản nháp ông/bà lưu" not in said(client.get(f"{BASE}them/"))


def test_kt_e5_the_second_of_two_officers_sees_both_versions_and_chooses(seated, vessels, officer):
    id = vessels[0].id
    client = seated("handler")
    seen = client.get(f"{BASE}{id}/sua/").context["form"]
    typed = {path: text for path, text in seen.texts.items() if text}
    registries.amend(
        registry=KEY,
        id=id,
        values={"vessel_name": "Hải Âu 9", "width": "3,3"},
        actor=officer("leader"),
        reason="Đo lại",
    )
    mine = {**typed, "record.vessel_name": "Hải Âu 5", "record.power": "160", "revision": "1"}
    told = client.post(f"{BASE}{id}/sua/", mine)
    assert told.status_code == 409
    clashes = {one.path: (one.was, one.now, one.typed) for one, _s in told.context["clashes"]}
    assert clashes == {
        "record.vessel_name": ("Hải Âu", "Hải Âu 9", "Hải Âu 5"),
        "record.width": ("3,2", "3,3", "3,2"),
        "record.power": ("150", "150", "160"),
    }
    starts = {one.path: start for one, start in told.context["clashes"]}
    assert starts == {"record.vessel_name": "", "record.width": "theirs", "record.power": "mine"}
    assert registries.record(registry=KEY, id=id, actor=officer("handler")).revision == 2
    chosen = {
        **mine,
        "revision": "2",
        "act": "settle",
        "giu.record.vessel_name": "theirs",
        "giu.record.width": "theirs",
        "giu.record.power": "mine",
    }
    client.post(f"{BASE}{id}/sua/", chosen)
    now = registries.record(registry=KEY, id=id, actor=officer("handler"))
    assert (now.text("vessel_name"), now.text("width"), now.text("power")) == (
        "Hải Âu 9",
        "3,3 m",
        "160 kW",
    )


def test_many_chosen_records_are_changed_told_one_by_one_and_undone_at_once(
    seated, vessels, officer
):
    registries.amend(
        registry=KEY, id=vessels[2].id, values={"port": "de_gi"}, actor=officer("handler")
    )
    client, ids = seated("handler"), [str(one.id) for one in vessels]
    assert "Sửa 3 bản ghi cùng lúc" in said(client.post(f"{BASE}nhieu/", {"ids": ids}))
    asked = {"ids": ids, "path": "port"}
    assert 'name="record.port"' in said(client.post(f"{BASE}nhieu/", asked))
    without = client.post(f"{BASE}nhieu/", {**asked, "record.port": "de_gi", "act": "write"})
    assert without.status_code == 422
    done = client.post(
        f"{BASE}nhieu/",
        {**asked, "record.port": "de_gi", "reason": "Chuyển cảng", "act": "write"},
    )
    assert [one.outcome for one in done.context["done"].lines] == ["changed", "changed", "same"]
    refused = registries.amend_many(
        registry=KEY,
        ids=[vessels[0].id],
        given={"zone": "offshore"},
        actor=officer("handler"),
        reason="Thử",
    )
    assert refused.change_id is None
    assert refused.lines[0].say.startswith("Tàu dưới 15 mét không hoạt động ở vùng khơi")
    client.post(f"{BASE}hoan-tac/{done.context['done'].change_id}/")
    ports = [
        registries.record(registry=KEY, id=one.id, actor=officer("handler")).value("port")
        for one in vessels
    ]
    assert ports == ["quy_nhon", "quy_nhon", "de_gi"]


def test_a_record_goes_to_the_bin_for_a_reason_and_comes_back(seated, vessels):
    leader, id = seated("leader"), vessels[0].id
    refused = leader.post(f"{BASE}{id}/xoa/", {"revision": "1", "reason": ""})
    assert refused.status_code == 422
    assert "Bạn chưa ghi lý do xóa" in said(refused)
    leader.post(f"{BASE}{id}/xoa/", {"revision": "1", "reason": "Ghi nhầm"})
    assert listed(leader.get(BASE)) == ["BĐ-91002-TS", "BĐ-91003-TS"]
    assert listed(leader.get(BASE, {"thung": "1"})) == ["BĐ-91001-TS"]
    assert "trong thùng rác" in said(leader.get(f"{BASE}{id}/"))
    leader.post(f"{BASE}{id}/lay-lai/")
    assert len(listed(leader.get(BASE))) == 3


def test_a_clerk_is_shown_no_act_that_the_clerk_may_not_do(seated, vessels):
    page = said(seated("handler").get(f"{BASE}{vessels[0].id}/"))
    assert "/xoa/" not in page
    assert "Ghi nằm bờ" in page
    assert "Xóa đăng ký" not in page
    shown = said(seated("leader").get(f"{BASE}{vessels[0].id}/"))
    assert "/xoa/" in shown
    assert "•••0001" in shown
    assert "052080000001" not in shown


def test_a_leader_changes_a_record_whose_masked_number_stays_as_it_is(seated, vessels, officer):
    id = vessels[0].id
    client = seated("leader")
    form = client.get(f"{BASE}{id}/sua/")
    assert "052080000001" not in said(form)
    assert 'name="record.state"' not in said(form)
    typed = {path: text for path, text in VESSEL.items() if path != "record.owner_number"}
    client.post(f"{BASE}{id}/sua/", {**typed, "record.width": "3,5", "revision": "1"})
    now = registries.record(registry=KEY, id=id, actor=officer("handler"))
    assert (now.text("width"), now.value("owner_number")) == ("3,5 m", "052080000001")


def test_a_status_moves_and_stands_on_the_board(seated, vessels):
    client = seated("handler")
    client.post(f"{BASE}{vessels[0].id}/chuyen/", {"to": "lay_up", "revision": "1"})
    columns = {one.code: one for one, _url in client.get(f"{BASE}bang/").context["columns"]}
    assert (columns["active"].count, columns["laid_up"].count) == (2, 1)
    assert [row.id for row in columns["laid_up"].rows] == [vessels[0].id]


def test_a_figure_opens_the_list_that_makes_it(seated, vessels, officer):
    registries.amend(
        registry=KEY, id=vessels[0].id, values={"gear": "trawl"}, actor=officer("handler")
    )
    client = seated("handler")
    assert client.get(f"{BASE}so-lieu/").status_code == 302
    page = client.get(f"{BASE}so-lieu/power/")
    lines = dict(page.context["lines"])
    assert [bar.text for bar in lines["Lưới vây"]] == ["300"]
    assert listed(client.get(lines["Lưới vây"][0].url)) == ["BĐ-91002-TS", "BĐ-91003-TS"]
    assert page.context["total"].text == "450"
    crossed = client.get(f"{BASE}so-lieu/by_gear/").context["found"]
    assert [label for label, _cells in crossed.lines] == ["Lưới kéo", "Lưới vây"]
    mean = client.get(f"{BASE}so-lieu/length/").context["total"]
    assert mean.text == "10,8"


def test_a_calendar_shows_what_falls_due_in_a_month(seated, vessels, officer):
    registries.amend(
        registry=KEY,
        id=vessels[0].id,
        values={"licence": "GP-00001/26", "licence_to": "15/12/2026"},
        actor=officer("handler"),
    )
    client = seated("handler")
    page = client.get(f"{BASE}lich/licences/", {"thang": "2026-12"})
    assert [(one.day.day, one.name, one.colour) for one in page.context["found"].entries] == [
        (15, "BĐ-91001-TS", "Lưới vây")
    ]
    assert len(page.context["days"]) % 7 == 0
    assert "không có bản ghi nào" in said(client.get(f"{BASE}lich/licences/", {"thang": "2026-11"}))


def test_kt_e5_a_list_and_a_record_are_read_as_of_a_past_day(
    seated, vessels, officer, working_morning
):
    with clock.at(working_morning + timedelta(days=3)):
        registries.amend(
            registry=KEY, id=vessels[0].id, values={"width": "3,9"}, actor=officer("handler")
        )
        client = seated("handler")
        past = client.get(f"{BASE}{vessels[0].id}/", {"luc": "08/10/2026"})
        assert past.context["record"].text("width") == "3,2 m"
        assert past.context["record"].revision == 1
        assert "/sua/" not in said(past)
        early = client.get(BASE, {"luc": "06/10/2026"})
        assert listed(early) == []
        wrong = client.get(BASE, {"luc": "32/10/2026"})
        assert "Hãy ghi ngày theo mẫu" in said(wrong)


def test_another_agencys_officer_may_not_know_of_a_vessel(sign_in, vessels):
    ours = sign_in("handler")
    assert listed(ours.get(BASE)) == ["BĐ-91001-TS", "BĐ-91002-TS", "BĐ-91003-TS"]
    theirs = sign_in("handler", "21592")
    assert listed(theirs.get(BASE)) == []
    assert theirs.get(f"{BASE}{vessels[0].id}/").status_code == 404
    assert ours.get(f"{BASE}them/").status_code == 403
