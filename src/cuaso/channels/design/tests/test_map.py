"""A reader looks at a map under the house's own content policy; without one the table is there."""

import base64
import csv
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

STATIC = Path(__file__).resolve().parents[1] / "static"
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".woff2": "font/woff2",
}
HEAD = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Cảng cá</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/cuaso/tokens.css">
<link rel="stylesheet" href="/static/cuaso/components.css"></head><body><main class="page">"""
MAP = """<h1>Cảng cá</h1><c-map src="/things.json" title="Bản đồ cảng cá" :legend="legend" {}>
<c-table caption="Cảng cá"><c-slot name="head"><th>Tên</th></c-slot><tr><td>Quy Nhơn</td></tr>
</c-table></c-map>"""
PORT = {
    "type": "Feature",
    "properties": {
        "title": "Cảng cá Quy Nhơn",
        "about": "<b>210 tàu</b>",
        "url": "/cang/1",
        "key": "tuna",
    },
    "geometry": {"type": "Point", "coordinates": [109.23, 13.775]},
}


# One area that fills its square: layer records, id x1, title, about, key net, near 3.
TILE = base64.b64decode(
    "GoABCgdyZWNvcmRzEh4SCgAAAQECAgMDBAQYAyIOCQAAGgCAQIBAAAD/Pw8aAmlkGgV0aXRsZRoFYWJv"
    "dXQaA2tleRoEbmVhciIECgJ4MSISChBD4bqjbmcgUXV5IE5oxqFuIg4KDEzGsOG7m2kgdsOieSIFCgNu"
    "ZXQiAigDKIAgeAI="
)


class House:
    """Serves one page with a map, the house's static files and some things to draw."""

    def __init__(self, page: Page, html: str) -> None:
        self.html = html
        self.things: dict[str, object] = {"type": "FeatureCollection", "features": [PORT]}
        self.status = 200
        self.asked: list[str] = []
        self.refused: list[str] = []
        page.on("console", lambda said: self.refused.append(said.text) if _bad(said) else None)
        page.on("pageerror", lambda error: self.refused.append(str(error)))
        page.route("**/*", self.serve)

    def serve(self, route: Route) -> None:
        path = route.request.url.removeprefix("http://house.test")
        if path == "/":
            headers = {"Content-Security-Policy": _policy()}
            route.fulfill(body=self.html, content_type="text/html", headers=headers)
        elif path.startswith("/things.json"):
            self.asked.append(path)
            body = json.dumps(self.things)
            route.fulfill(status=self.status, body=body, content_type="application/geo+json")
        elif path.endswith(".mvt"):
            self.asked.append(path)
            route.fulfill(status=self.status, body=TILE, content_type="application/octet-stream")
        else:
            file = STATIC / path.removeprefix("/static/").partition("?")[0]
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])


def _bad(said) -> bool:
    return said.type == "error" or "Content Security Policy" in said.text


def _policy() -> str:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


@pytest.fixture
def house(page, draw):
    """Return a function that opens a page with a map."""

    def opened(attributes: str = "", **changed: object) -> House:
        legend = [("tuna", "Câu cá ngừ"), ("net", "Lưới vây")]
        served = House(page, HEAD + draw(MAP.format(attributes), legend=legend))
        for name, value in changed.items():
            setattr(served, name, value)
        page.goto("http://house.test/")
        return served

    return opened


def test_every_vendored_file_is_the_one_that_was_looked_at():
    with (STATIC / "vendored.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    held = {str(path.relative_to(STATIC)) for path in (STATIC / "maplibre").iterdir()}
    assert held - {"maplibre/LICENSE"} == {row["file"] for row in rows}
    for row in rows:
        found = hashlib.sha256((STATIC / row["file"]).read_bytes()).hexdigest()
        assert (row["file"], found) == (row["file"], row["sha256"])


@pytest.mark.browser
def test_a_reader_opens_a_thing_on_the_map_and_nothing_breaks_the_policy(
    page: Page, house, accessibility
):
    served = house()
    page.wait_for_selector("[data-drawn]")
    expect(page.get_by_role("status")).to_have_text("")
    box = page.locator(".map-sheet").bounding_box()
    assert box is not None
    # The only thing stands in the middle: the map was fitted to it.
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    popup = page.locator(".maplibregl-popup-content")
    expect(popup).to_contain_text("Cảng cá Quy Nhơn")
    expect(popup).to_contain_text("<b>210 tàu</b>")
    expect(popup.get_by_role("link", name="Mở")).to_have_attribute("href", "/cang/1")
    expect(page.get_by_role("button", name="Phóng to")).to_be_visible()
    expect(page.locator(".map-legend")).to_contain_text("Lưới vây")
    assert accessibility.violations(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert served.asked == ["/things.json"]
    assert served.refused == []


@pytest.mark.browser
def test_a_moved_map_asks_for_its_frame_and_says_when_it_is_given_a_part(page: Page, house):
    many = {"type": "FeatureCollection", "features": [PORT], "partial": True}
    served = house('frame="1" bbox="109,13.5,109.5,14"', things=many)
    page.wait_for_selector("[data-drawn]")
    expect(page.get_by_role("status")).to_contain_text("Bản đồ chỉ vẽ một phần.")
    with page.expect_request("**/things.json?*"):
        page.get_by_role("button", name="Phóng to").click()
    assert all("bbox=10" in path and "zoom=" in path for path in served.asked)


@pytest.mark.browser
def test_a_reader_opens_a_mark_of_a_map_in_tiles_and_reads_how_many_stand_for_it(page: Page, house):
    tiles = 'tiles="/o/{z}/{x}/{y}.mvt" records="/so/cang/" bbox="109,13.5,109.5,14"'
    served = house(tiles)
    page.wait_for_selector("[data-drawn]")
    expect(page.get_by_role("status")).to_have_text("")
    sheet = page.locator(".map-sheet")
    popup = page.locator(".maplibregl-popup-content")
    while not popup.count():
        sheet.click()
        page.wait_for_timeout(100)
    expect(popup).to_contain_text("Cảng Quy Nhơn")
    expect(popup).to_contain_text("Lưới vây, và 3 bản ghi khác ở gần")
    expect(popup.get_by_role("link", name="Mở")).to_have_attribute("href", "/so/cang/x1/")
    assert served.asked
    assert all(re.fullmatch(r"/o/\d+/\d+/\d+\.mvt", path) for path in served.asked)
    assert served.refused == []
    served.status = 500
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Chưa tải được dữ liệu của bản đồ.")
    expect(page.get_by_role("cell", name="Quy Nhơn")).to_be_visible()


@pytest.mark.browser
def test_a_map_without_things_or_without_an_answer_says_so(page: Page, house):
    served = house(things={"type": "FeatureCollection", "features": []})
    expect(page.get_by_role("status")).to_have_text("Chưa có gì trong khung bản đồ này.")
    served.status = 500
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Chưa tải được dữ liệu của bản đồ.")
    expect(page.get_by_role("cell", name="Quy Nhơn")).to_be_visible()


@pytest.mark.browser
def test_a_browser_that_cannot_draw_or_runs_no_script_shows_the_table(page: Page, house, browser):
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    served = house()
    expect(page.get_by_role("status")).to_contain_text("Xin xem bảng bên dưới.")
    expect(page.locator(".map-sheet")).to_be_hidden()
    expect(page.get_by_role("cell", name="Quy Nhơn")).to_be_visible()
    plain = browser.new_context(java_script_enabled=False)
    quiet = plain.new_page()
    quiet.route("**/*", served.serve)
    quiet.goto("http://house.test/")
    expect(quiet.get_by_role("cell", name="Quy Nhơn")).to_be_visible()
    expect(quiet.locator(".map-sheet")).to_be_hidden()
    expect(quiet.locator(".map-legend")).to_be_hidden()
    plain.close()
