"""A clerk removes, moves, counts, and looks at a registry in other ways."""

import base64
import re
import unicodedata
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from cuaso.capabilities.registries import api as registries
from cuaso.declarations import packs
from cuaso.declarations.registries import Registry
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject
from tests.support.answers import PDF
from tests.support.registers import holder
from tests.support.vessels import BASE, KEY, VESSEL, browser_of, listed, said

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_a_record_goes_to_the_bin_for_a_reason_and_comes_back(seated, vessels):
    leader, id = seated("leader"), vessels[0].id
    refused = leader.post(f"{BASE}{id}/xoa/", {"revision": "1", "reason": ""})
    assert refused.status_code == 422
    assert "Chưa ghi lý do xóa" in said(refused)
    leader.post(f"{BASE}{id}/xoa/", {"revision": "1", "reason": "Ghi nhầm"})
    assert listed(leader.get(BASE)) == ["BĐ-91002-TS", "BĐ-91003-TS"]
    assert "BĐ-91001-TS" in listed(leader.get(BASE, {"thung": "1", "q": "hai au"}))
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


def test_an_officer_who_could_add_nothing_is_told_so_before_the_form_and_not_after(db, vessels):
    del db
    bridges = "/ban-lam-viec/so/transport/bridge/"
    outside = browser_of(holder("so-ngoai-vu-gia-lai", "handler"))
    assert "/them/" not in said(outside.get(bridges))
    refused = outside.get(f"{bridges}them/")
    assert refused.status_code == 403
    assert "cơ quan đang công tác không quản lý xã, phường nào" in said(refused)
    assert outside.post(f"{bridges}them/", {"record.code": "CA-00001"}).status_code == 403
    assert "/them/" in said(browser_of(holder("ubnd-21583", "handler")).get(bridges))
    elsewhere = browser_of(holder("chi-cuc-thuy-san-gia-lai", "leader"))
    assert elsewhere.get(f"{BASE}them/").status_code == 403
    auditor = browser_of(holder("thanh-tra-tinh-gia-lai", "auditor"))
    assert auditor.get(f"{bridges}them/").status_code == 403
    assert auditor.get(f"{BASE}{vessels[0].id}/sua/").status_code in (302, 403, 404)


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


def test_a_card_on_the_board_tells_nothing_that_its_title_tells(seated, vessels, root):
    declared = packs.load(root / "packs" / "agriculture").registries["fishing_vessel"].dump()
    declared["name"] = "{number} – {owner_name}"
    columns = ["number", "owner_name", "state", "commune", "length"]
    declared["lists"]["default"] |= {"columns": columns, "where": {"state": ["active", "laid_up"]}}
    changed = {"fishing_vessel": Registry.load(declared)}
    registries.install("agriculture", changed, actor=system("Cài đặt"))
    client = seated("handler")
    page = said(client.get(f"{BASE}bang/"))
    card = page[page.index(f"{BASE}{vessels[0].id}/") :].partition("</li>")[0]
    title, *told = re.split(r"</a>|</small>", card)
    assert title.endswith(">BĐ-91001-TS – Nguyễn Văn Minh Hoạ")
    assert [one.removeprefix("<small>") for one in told if one] == ["Phường Quy Nhơn", "10,8 m"]
    columns = [one.code for one, _url in client.get(f"{BASE}bang/").context["columns"]]
    assert columns == ["active", "laid_up"]


def test_a_step_that_asks_for_more_has_a_page_of_its_own(seated, vessels, officer, root):
    declared = packs.load(root / "packs" / "agriculture").registries["fishing_vessel"]
    asks = declared.dump()
    asks["statuses"]["moves"]["lay_up"] |= {"asks": ["second_gear"], "needs_reason": True}
    changed = {"fishing_vessel": Registry.load(asks)}
    registries.install("agriculture", changed, actor=system("Cài đặt"))
    client, page = seated("handler"), f"{BASE}{vessels[0].id}/"
    assert f'href="{page}chuyen/lay_up/"' in said(client.get(page))
    step = f"{page}chuyen/lay_up/"
    assert 'name="record.second_gear"' in said(client.get(step))
    refused = client.post(step, {"revision": "1", "record.second_gear": "", "reason": ""})
    assert refused.status_code == 422
    assert registries.record(registry=KEY, id=vessels[0].id, actor=officer("handler")).revision == 1
    client.post(step, {"revision": "1", "record.second_gear": "trawl", "reason": "Sửa máy"})
    now = registries.record(registry=KEY, id=vessels[0].id, actor=officer("handler"))
    assert (now.value("state"), now.value("second_gear")) == ("laid_up", "trawl")


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


PLACES = "/ban-lam-viec/so/home-affairs/worship_place/"
PAGODA = {
    "record.code": "CS-00001",
    "record.name": "Chùa Linh Sơn (minh hoạ)",
    "record.kind": "pagoda",
    "record.religion": "phat_giao",
    "record.address.commune": "21583",
    "record.address.detail": "Tổ 1",
    "record.commune": "21583",
    "record.position": "13,776; 109,223",
    "record.keeper": "Nguyễn Minh Hoạ",
    "record.land": "820",
    "record.built_area": "120",
    "record.land_paper": "no_book",
    "record.relic_rank": "none",
}


def test_a_place_with_a_paper_stands_on_the_map_and_hands_its_paper_to_who_may_see_it(sign_in):
    client = sign_in("handler")
    wrong = {**PAGODA, "tep.record.photo": SimpleUploadedFile("x.exe", b"MZ", "application/exe")}
    refused = client.post(f"{PLACES}them/", wrong)
    assert refused.status_code == 422
    paper = SimpleUploadedFile("anh.pdf", PDF, "application/pdf")
    unfit = client.post(f"{PLACES}them/", {**PAGODA, "tep.record.photo": paper})
    assert unfit.status_code == 422
    assert "“anh.pdf” không phải tệp JPG, PNG" in said(unfit)
    # A phone sends a name with its marks apart.
    name = unicodedata.normalize("NFD", "Ảnh cổng chùa.png")
    photo = SimpleUploadedFile(name, PNG, "image/png")
    made = client.post(f"{PLACES}them/", {**PAGODA, "tep.record.photo": photo})
    page = client.get(made["Location"])
    part = next(one for one in page.context["body"].parts if one.name == "where")
    file = next(one for line in part.lines for one in line.files)
    assert file.name == unicodedata.normalize("NFC", "Ảnh cổng chùa.png")
    given = client.get(f"{made['Location']}tep/{file.id}/")
    assert b"".join(given.streaming_content) == PNG
    assert sign_in("reception").get(f"{made['Location']}tep/{file.id}/").status_code == 404
    sheet = client.get(f"{PLACES}ban-do/places/diem.json").json()
    assert sheet["partial"] is False
    assert [one["geometry"]["coordinates"] for one in sheet["features"]] == [[109.223, 13.776]]
    assert sheet["features"][0]["properties"] == {
        "title": "Chùa Linh Sơn (minh hoạ)",
        "about": "Chùa, tịnh xá",
        "key": "pagoda",
        "url": made["Location"],
    }
    shown = said(client.get(f"{PLACES}ban-do/places/"))
    assert "data-map" in shown
    assert "Chùa Linh Sơn (minh hoạ)" in shown
    assert '<li data-key="pagoda"><span class="map-key map-key-1"' in shown
    assert "</span>Chùa, tịnh xá</li>" in shown
    assert "ranh giới minh họa" not in shown


def test_a_reference_is_searched_without_a_script(sign_in):
    client = sign_in("handler")
    words = {**PAGODA, "record.owner": "hoi thanh", "act": "find:record.owner"}
    assert "Không thấy bản ghi nào" in said(client.post(f"{PLACES}them/", words))


def test_an_auditor_says_why_before_seeing_anything_and_it_is_written_down(vessels):
    inspectors = directory.agency_by_key("thanh-tra-tinh-gia-lai")
    actor = directory.actor_for_post(directory.holders_below(inspectors.id, "auditor")[0].post.id)
    client = browser_of(actor)
    asked = client.get(f"{BASE}{vessels[0].id}/")
    assert asked["Location"].startswith(f"{BASE}muc-dich/?toi=")
    empty = client.post(asked["Location"], {"purpose": "xem"})
    assert empty.status_code == 422
    opened = client.post(asked["Location"], {"purpose": "Kiểm tra theo Quyết định số 12"})
    assert opened["Location"] == f"{BASE}{vessels[0].id}/"
    assert "BĐ-91001-TS" in said(client.get(opened["Location"]))
    assert listed(client.get(BASE)) == ["BĐ-91001-TS", "BĐ-91002-TS", "BĐ-91003-TS"]
    about = Subject(kind="registries.registry", id=registries.registry(key=KEY, actor=actor).id)
    assert audit.history(about)[-1].act == "registries.opened"


def test_an_officer_who_chose_english_reads_a_registry_in_english(seated, vessels):
    client = seated("handler")
    client.cookies["django_language"] = "en"
    page = said(client.get(BASE))
    assert "Fishing vessels" in page
    assert "Add a condition" in page
    assert "Thêm điều kiện lọc" not in page
