import pytest

from cuaso.channels.desk.tests import walk
from cuaso.channels.desk.tests.test_browser import wait_for_row
from cuaso.channels.desk.tests.walk import *

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_shots(live_house, seated):
    house = live_house.url + DESK
    r = seated(RECEPTION)
    i = walk.receive_birth(r, live_house.url)
    h = seated(HANDLER)
    h.on("console", lambda m: print("CONSOLE", m.type, m.text))
    h.goto(f"{house}/ho-so/{i}/")
    h.wait_for_timeout(2500)
    h.screenshot(path="/tmp/jj/s-dossier-1280.png", full_page=True)
    h.set_viewport_size({"width": 360, "height": 740})
    h.screenshot(path="/tmp/jj/s-dossier-360.png", full_page=True)
    walk.act(h, live_house.url, i, "trinh", "Lập dự thảo và trình")
    for n, o in (("csp", {}), ("nocsp", {"bypass_csp": True})):
        l = seated(LEADER, **o)
        l.on("console", lambda m: print("CONSOLE", n, m.type, m.text))
        wait_for_row(l, f"{house}/ky/", i)
        l.goto(f"{house}/ho-so/{i}/viec/ky/")
        l.wait_for_timeout(3000)
        print([f.url for f in l.frames])
        l.screenshot(path=f"/tmp/jj/s-ky-{n}.png", full_page=True)
        l.goto(f"{house}/ho-so/{i}/")
        l.wait_for_timeout(500)
        l.screenshot(path=f"/tmp/jj/s-ldossier-{n}.png")
