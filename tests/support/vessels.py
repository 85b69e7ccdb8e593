"""A clerk's desk with a few invented fishing vessels."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, RecordView
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
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
def officer(db, working_morning) -> Callable[[str], Actor]:
    """Return who holds a role in the department of fisheries."""
    del db, working_morning

    def find(role: str) -> Actor:
        agency = directory.agency_by_key("chi-cuc-thuy-san-gia-lai")
        holder = directory.holders_below(agency.id, role)[0]
        return directory.actor_for_post(holder.post.id)

    return find


@pytest.fixture
def emptied(officer) -> None:
    """Put into the bin what the house was furnished with."""
    page = registries.list_records(registry=KEY, query=ListQuery(size=500), actor=officer("leader"))
    for row in page.rows:
        registries.remove(registry=KEY, id=row.id, reason="Dọn chỗ thử", actor=officer("leader"))


@pytest.fixture
def seated(officer, emptied) -> Callable[[str], Client]:
    """Return the browser of who holds a role in the department of fisheries."""
    del emptied

    return lambda role: browser_of(officer(role))


def browser_of(actor: Actor) -> Client:
    """Return the browser of an official."""
    assert actor.person_id is not None
    client = Client()
    account = get_user_model().objects.get(person_id=actor.person_id, kind="official")
    client.force_login(account, backend=BACKEND)
    return client


@pytest.fixture
def vessels(officer, emptied) -> list[RecordView]:
    """Return three vessels that the handler has entered."""
    del emptied
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
