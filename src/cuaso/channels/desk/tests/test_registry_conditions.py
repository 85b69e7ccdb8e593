"""The conditions of a list go with the officer: to other views, to an act on many, and back."""

from datetime import timedelta
from urllib.parse import urlencode

from cuaso.capabilities.registries import api as registries
from cuaso.kernel import clock
from tests.support.vessels import BASE, KEY, listed, said

SEINE = "loc=gear%3Ais%3Aseine"


def test_kt_e5_a_clerk_reads_which_condition_is_wrong_and_takes_that_one_away(seated, vessels):
    asked = {"loc": ["length:from:dài", "gear:is:seine"], "q": "hai au"}
    wrong = seated("handler").get(BASE, asked)
    assert wrong.status_code == 422
    chips = [(chip.say, chip.url) for chip in wrong.context["chips"]]
    assert chips == [
        ("Chiều dài lớn nhất từ dài", f"{BASE}?q=hai+au&{SEINE}"),
        (
            "Nghề khai thác chính là Lưới vây",
            f"{BASE}?q=hai+au&loc=length%3Afrom%3Ad%C3%A0i",
        ),
    ]
    assert 'value="hai au"' in said(wrong)
    assert listed(seated("handler").get(chips[0][1])) == ["BĐ-91001-TS"]


def test_kt_e5_a_clerk_takes_the_conditions_to_board_and_calendar_and_back_to_the_list(
    seated, vessels
):
    client = seated("handler")
    asked = {"q": "hai au", "loc": "gear:is:seine", "sx": "-number", "cot": "number"}
    page = said(client.get(BASE, asked))
    onward = f"?q=hai+au&{SEINE}"
    for way in ("bang/", "lich/licences/"):
        assert f'href="{BASE}{way}{onward}"'.replace("&", "&amp;") in page
    board = client.get(f"{BASE}bang/{onward}")
    shown = {one.code: [row.id for row in one.rows] for one, _url in board.context["columns"]}
    assert shown["active"] == [vessels[0].id]
    assert board.context["chips"][0].url == f"{BASE}bang/?q=hai+au"
    assert board.context["cleared"] == f"{BASE}bang/?"
    assert board.context["tabs"][0][1] == f"{BASE}{onward}"
    assert board.context["tabs"][1][1] == f"{BASE}?ds=lost"
    month = said(client.get(f"{BASE}lich/licences/{onward}&thang=2026-12"))
    assert f'href="{BASE}lich/licences/?q=hai+au&amp;thang=2026-12"' in month


def test_a_leader_clears_the_conditions_in_the_bin_and_stays_there(seated, vessels, officer):
    registries.remove(registry=KEY, id=vessels[0].id, reason="Ghi nhầm", actor=officer("leader"))
    page = seated("leader").get(BASE, {"thung": "1", "q": "khong co tau nay"})
    assert listed(page) == []
    assert f'href="{BASE}?thung=1">Bỏ mọi điều kiện' in said(page)


def test_a_clerk_goes_from_a_past_day_to_today_with_the_same_conditions(seated, vessels):
    yesterday = clock.today() - timedelta(days=1)
    page = seated("handler").get(BASE, {"loc": "gear:is:seine", "luc": f"{yesterday:%d/%m/%Y}"})
    assert f'href="{BASE}?{SEINE}">Xem sổ hiện nay' in said(page)


def test_a_clerk_asks_for_a_day_to_come_and_is_told(seated, vessels):
    client = seated("handler")
    tomorrow = {"luc": f"{clock.today() + timedelta(days=1):%d/%m/%Y}"}
    for address in (BASE, f"{BASE}{vessels[0].id}/"):
        told = client.get(address, tomorrow)
        assert told.status_code == 422
        assert "Ngày này chưa tới. Hãy ghi một ngày đã qua." in said(told)
    assert client.get(BASE, {"luc": f"{clock.today():%d/%m/%Y}"}).status_code == 200


def test_a_clerk_who_changed_many_comes_back_to_the_same_list(seated, vessels):
    client = seated("handler")
    asked = {"loc": "gear:is:seine", "sx": "-number"}
    query = urlencode(asked)
    assert f'name="query" value="?{query}"'.replace("&", "&amp;") in said(client.get(BASE, asked))
    given = {
        "ids": [str(vessels[0].id)],
        "query": f"?{query}&la=1",
        "path": "port",
        "record.port": "de_gi",
        "reason": "Chuyển cảng",
    }
    assert f'name="query" value="{query}"'.replace("&", "&amp;") in said(
        client.post(f"{BASE}nhieu/", given)
    )
    done = client.post(f"{BASE}nhieu/", {**given, "act": "write"}, follow=True)
    assert f'href="{BASE}?{query}"'.replace("&", "&amp;") in said(done)
    back = client.post(f"{BASE}hoan-tac/{done.context['done'].change_id}/", {"query": query})
    assert back["Location"] == f"{BASE}?{query}"


def test_a_clerk_undoes_a_change_of_many_from_one_record_and_knows_of_the_others(
    seated, vessels, officer
):
    client, ids = seated("handler"), [one.id for one in vessels]
    done = registries.amend_many(
        registry=KEY, ids=ids, given={"port": "de_gi"}, actor=officer("handler"), reason="Chuyển"
    )
    registries.amend(registry=KEY, id=ids[1], values={"port": "tam_quan"}, actor=officer("handler"))
    told = "Lần ghi này đã ghi 3 bản ghi cùng lúc; hoàn tác là đưa cả 3 về như trước."
    assert told in said(client.get(f"{BASE}{ids[0]}/"))
    assert "bản ghi cùng lúc" not in said(client.get(f"{BASE}{ids[1]}/")).partition(told)[0]
    undoing = f"{BASE}hoan-tac/{done.change_id}/"
    asked = client.post(undoing, {"record": str(ids[0]), "reason": "Nhầm cảng"})
    assert asked.status_code == 409
    assert 'name="reason" value="Nhầm cảng"' in said(asked)
    assert _ports(ids, officer) == ["de_gi", "tam_quan", "de_gi"]
    given = {"record": str(ids[0]), "reason": "Nhầm cảng", "partly": "yes"}
    assert client.post(undoing, given)["Location"] == f"{BASE}{ids[0]}/"
    assert _ports(ids, officer) == ["quy_nhon", "tam_quan", "quy_nhon"]
    assert "Lý do: Nhầm cảng" in said(client.get(f"{BASE}{ids[0]}/"))


def test_a_clerk_undoes_what_was_changed_again_and_no_rest_is_offered(seated, vessels, officer):
    id = vessels[0].id
    registries.amend(registry=KEY, id=id, values={"port": "de_gi"}, actor=officer("handler"))
    first = registries.history(registry=KEY, id=id, actor=officer("handler"))[0].id
    registries.amend(registry=KEY, id=id, values={"port": "tam_quan"}, actor=officer("handler"))
    told = seated("handler").post(f"{BASE}hoan-tac/{first}/", {"record": str(id)})
    assert told.status_code == 409
    assert "Hãy hoàn tác lần sửa sau trước." in said(told)
    assert "phần còn lại" not in said(told)
    assert _ports([id], officer) == ["tam_quan"]


def _ports(ids, officer) -> list[str]:
    actor = officer("handler")
    return [registries.record(registry=KEY, id=id, actor=actor).value("port") for id in ids]


def test_a_clerk_asks_for_a_month_of_no_calendar_and_sees_this_month(seated, vessels):
    client, now = seated("handler"), clock.today().replace(day=1)
    for month in ("9999-12", "0001-01", "1899-12", "2200-01", "2026-13", "x"):
        page = client.get(f"{BASE}lich/licences/", {"thang": month})
        assert (page.status_code, page.context["found"].month) == (200, now)
    last = client.get(f"{BASE}lich/licences/", {"thang": "2199-12"})
    assert last.context["found"].month.year == 2199


def test_kt_e5_a_clerk_asks_for_moments_by_days_and_gets_the_whole_days(seated, vessels, officer):
    given = {"tracker": "on", "tracker_code": "VMS01234567"}
    for vessel, seen in zip(vessels, ("05/10/2026 00:00", "05/10/2026 23:59"), strict=False):
        registries.amend(
            registry=KEY,
            id=vessel.id,
            values={**given, "last_seen": seen},
            actor=officer("handler"),
        )
    client = seated("handler")
    whole = ["BĐ-91001-TS", "BĐ-91002-TS"]
    for first, last, found in (
        ("05/10/2026", "05/10/2026", whole),
        ("2026-10-05", "", whole),
        ("06/10/2026", "", []),
        ("", "04/10/2026", []),
        ("05/10/2026 00:01", "", whole[1:]),
    ):
        built = client.get(BASE, {"o": "last_seen", "tu": first, "den": last})
        assert listed(client.get(built["Location"])) == found, (first, last)
    wrong = client.get(BASE, {"loc": "last_seen:from:31/02/2026"})
    assert wrong.status_code == 422
    assert "tháng 2 năm 2026 chỉ có 28 ngày" in said(wrong)


def test_a_clerk_asks_for_yes_or_no_in_other_words_and_is_told(seated, vessels):
    client = seated("handler")
    for no in ("no", "không"):
        assert len(listed(client.get(BASE, {"loc": f"risk:is:{no}"}))) == 3
    assert listed(client.get(BASE, {"loc": "risk:is:yes"})) == []
    told = client.get(BASE, {"loc": "risk:is:có lẽ"})
    assert told.status_code == 422
    assert "“có lẽ” không phải có hoặc không." in said(told)


def test_kt_e5_a_clerk_asks_for_a_record_on_a_day_before_it_was_and_is_shown_it_as_it_is(
    seated, vessels
):
    client, record = seated("handler"), f"{BASE}{vessels[0].id}/"
    told = client.get(record, {"luc": "06/10/2026"})
    assert told.status_code == 404
    assert "Sổ không có bản ghi này vào lúc hết ngày 06/10/2026." in said(told)
    assert told.context["record"].name == "BĐ-91001-TS"
    wrong = client.get(record, {"luc": "31/02/2026"})
    assert (wrong.status_code, wrong.context["record"].name) == (422, "BĐ-91001-TS")
    assert "Hãy ghi ngày theo mẫu ngày/tháng/năm." in said(wrong)


def test_a_leader_reads_until_when_a_removed_record_can_be_brought_back(seated, vessels, officer):
    leader, id = seated("leader"), vessels[0].id
    registries.remove(registry=KEY, id=id, reason="Ghi nhầm", actor=officer("leader"))
    page = said(leader.get(f"{BASE}{id}/"))
    assert "Lấy lại được đến hết ngày 05/01/2027, sau đó bị xóa hẳn." in page
    shown = said(leader.get(BASE, {"thung": "1"}))
    assert "Bản ghi đã xóa được giữ ở đây 90 ngày kể từ lúc xóa" in shown
    assert "được giữ ở đây" not in said(leader.get(BASE))
