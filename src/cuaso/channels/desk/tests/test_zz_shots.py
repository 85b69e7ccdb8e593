import pytest
from cuaso.channels.desk.tests import walk
from cuaso.channels.desk.tests.test_browser import seated, wait_for_row
from cuaso.channels.desk.tests.walk import *
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

def test_shots(live_house, seated):
    house = live_house.url + DESK
    r = seated(RECEPTION)
    i = walk.receive_birth(r, live_house.url)
    j = walk.receive_birth(r, live_house.url)
    h = seated(HANDLER)
    h.goto(f"{house}/ho-so/{i}/duong-di/"); h.screenshot(path="/tmp/jj/s-flow.png", full_page=True)
    h.goto(f"{house}/ho-so/{i}/viec/trinh/"); h.get_by_role("button", name="Lập dự thảo và trình").click(); h.wait_for_timeout(2500)
    h.screenshot(path="/tmp/jj/s-after.png")
    d = seated(HANDLER, color_scheme="dark", viewport={"width": 360, "height": 740})
    d.goto(f"{house}/ho-so/{j}/"); d.wait_for_timeout(1500); d.screenshot(path="/tmp/jj/s-dark.png")
    r.goto(f"{house}/tiep-nhan/1.001193/"); r.get_by_role("button", name="Tiếp nhận và in giấy hẹn").last.click(); r.wait_for_load_state()
    r.screenshot(path="/tmp/jj/s-wrong.png")
