"""The pages of declared registries, as an officer of a department works with them."""

from datetime import timedelta

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.kernel import clock
from cuaso.kernel.identifiers import new_id
from tests.support.vessels import BASE, KEY, VESSEL, listed, said


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
    assert said(wrong).count("“dài” không phải số.") == 1
    assert "Hãy bỏ hoặc sửa điều kiện lọc này." in said(wrong)


def test_quick_filters_say_how_many_records_each_value_has(seated, vessels):
    page = seated("handler").get(BASE, {"o.gear": "seine", "q": "hai au"})
    assert listed(page) == ["BĐ-91001-TS"]
    counted = {facet.path: facet for facet, _chosen in page.context["facets"]}
    gears = {one.code: one.count for one in counted["gear"].choices}
    assert (gears["seine"], gears["trawl"]) == (1, 0)
    assert "Lưới vây (1)" in said(page)


def test_counts_stop_at_their_cap_and_say_so(seated, vessels, monkeypatch):
    monkeypatch.setattr("cuaso.capabilities.registries.logic.seeing.lists.COUNTED", 2)
    page = seated("handler").get(BASE)
    counted = {facet.path: facet for facet, _chosen in page.context["facets"]}
    gears = {one.code: (one.count, one.more) for one in counted["gear"].choices}
    assert (gears["seine"], gears["trawl"]) == ((2, True), (0, False))
    assert {one.count for one in counted["commune"].choices} == {None}
    assert page.context["page"].count is None
    assert "Lưới vây (2+)" in said(page)
    assert "Hơn 1.000 bản ghi" in said(page)


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
    whole, narrowed = said(leader.get(BASE)), said(leader.get(f"{BASE}?{view.query}"))
    assert f'{BASE}?{view.query}" aria-current="page"' not in whole
    assert f'{BASE}?{view.query}" aria-current="page"' in narrowed
    assert narrowed.partition('aria-label="Danh sách"')[2].count('aria-current="page"') == 1
    again = handler.post(f"{BASE}bo-loc/", kept, follow=True)
    assert "Ông/bà đã có bộ lọc “Tàu lưới vây” của sổ này. Hãy đặt tên khác." in said(again)
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


def test_a_clerk_who_loads_the_result_of_many_anew_or_presses_twice_changes_nothing_again(
    seated, vessels, officer
):
    client = seated("handler")
    given = {"ids": [str(vessels[0].id)], "path": "port", "query": "?loc=gear:is:seine"}
    once = client.post(f"{BASE}nhieu/", given).context["once"]
    written = {
        **given,
        "once": str(once),
        "record.port": "de_gi",
        "reason": "Chuyển cảng",
        "act": "write",
    }
    first, again = (client.post(f"{BASE}nhieu/", written) for _ in range(2))
    assert (first.status_code, first["Location"]) == (302, again["Location"])
    for _ in range(2):
        told = client.get(first["Location"])
        assert "Đã sửa 1 trong 1 bản ghi" in said(told)
        assert f'href="{BASE}?loc=gear%3Ais%3Aseine"' in said(told)
    now = registries.record(registry=KEY, id=vessels[0].id, actor=officer("handler"))
    assert (now.value("port"), now.revision) == ("de_gi", 2)
    other = client.post(f"{BASE}nhieu/", {**written, "record.port": "tam_quan"})
    assert other["Location"] != first["Location"]
    now = registries.record(registry=KEY, id=vessels[0].id, actor=officer("handler"))
    assert (now.value("port"), now.revision) == ("tam_quan", 3)


def test_the_result_of_many_is_told_to_who_did_it_and_for_two_days(seated, vessels):
    given = {
        "ids": [str(vessels[0].id)],
        "path": "port",
        "record.port": "de_gi",
        "reason": "Chuyển cảng",
        "act": "write",
    }
    client = seated("handler")
    address = client.post(f"{BASE}nhieu/", given)["Location"]
    assert seated("leader").get(address).status_code == 404
    assert client.get(f"{BASE}nhieu/{new_id()}/").status_code == 404
    with clock.at(clock.now() + timedelta(hours=47)):
        assert seated("handler").get(address).status_code == 200
    with clock.at(clock.now() + timedelta(hours=49)):
        gone = seated("handler").get(address)
    assert gone.status_code == 404
    assert "Kết quả được giữ 48 giờ cho chính người đã làm." in said(gone)


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
        follow=True,
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
    undoing = f"{BASE}hoan-tac/{done.context['done'].change_id}/"
    registries.amend(
        registry=KEY, id=vessels[1].id, values={"port": "tam_quan"}, actor=officer("handler")
    )
    told = client.post(undoing)
    assert told.status_code == 409
    assert "1 bản ghi đã được sửa tiếp" in said(told)
    client.post(undoing, {"partly": "yes"})
    ports = [
        registries.record(registry=KEY, id=one.id, actor=officer("handler")).value("port")
        for one in vessels
    ]
    assert ports == ["quy_nhon", "tam_quan", "de_gi"]
