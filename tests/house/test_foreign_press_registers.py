"""DX-26: foreign press in the province, escorted by its permit, and what it published."""

import pytest

from cuaso.kernel.errors import Invalid
from tests.support.registers import counted, entered, holder, listed, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE = "so-ngoai-vu-gia-lai"


@pytest.fixture
def handler(db):
    return holder(HOUSE, "handler")


@pytest.fixture
def leader(db):
    return holder(HOUSE, "leader")


PRESS, ARTICLES = "foreign-affairs/press_visit", "foreign-affairs/press_article"


def test_DX_26_an_officer_escorts_foreign_press_by_its_permit_and_keeps_what_it_published(
    handler, leader
):
    said = {
        "code": "BC-000001",
        "outlet": "Sample News",
        "country": "JP",
        "kind": "film",
        "permit": "214/BC-BNG",
        "permit_from": "01/10/2026",
        "permit_to": "12/10/2026",
        "requested": "20/09/2026",
        "arrives": "06/10/2026",
        "leaves": "10/10/2026",
        "drone": "no",
    }
    rows = {
        "members": (
            {
                "full_name": "Taro Mihon",
                "nationality": "JP",
                "passport": "T1234567",
                "work": "Quay phim",
            },
        ),
        "programme": ({"on_day": "07/10/2026", "commune": "21583", "what": "Làng chài"},),
    }
    with pytest.raises(Invalid) as late:
        entered(PRESS, handler, rows=rows, **{**said, "leaves": "13/10/2026"})
    assert [one.field for one in late.value.problems] == ["permit_to"]
    asked = entered(PRESS, handler, rows=rows, **said)
    assert asked.text("permit") == "214/BC-BNG"
    agreed = moved(asked, "agree", leader, agreed="Công văn 88/UBND-NC", escort="Phạm Thị Minh Hoạ")
    assert listed(PRESS, handler, "working")[0][-1] == "Phạm Thị Minh Hoạ"
    assert [row[2].text for row in agreed.groups["programme"]] == ["Làng chài"]
    working = moved(agreed, "start", handler)
    entered(
        ARTICLES,
        handler,
        code="TB-000001",
        visit="BC-000001",
        outlet="Sample News",
        country="JP",
        published="07/10/2026",
        tone="positive",
    )
    assert counted(ARTICLES, handler, "by_tone") == {"Nhật Bản": ("1",)}
    article = listed(ARTICLES, handler)[0]
    assert (article[0], article[2], article[4]) == ("TB-000001", "Sample News", "07/10/2026")
    stopped = moved(working, "stop", leader, breach="Bay thiết bị bay chưa được phép")
    assert listed(PRESS, handler, "breaches")[0][-1] == "Bay thiết bị bay chưa được phép"
    assert stopped.moves == ()
