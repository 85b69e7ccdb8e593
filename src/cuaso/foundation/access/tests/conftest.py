from datetime import UTC, datetime
from pathlib import Path

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock

DATA = Path(__file__).parents[5] / "packs" / "province" / "data"
WARD = "21583"
MORNING = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture
def province(db):
    """The real places and agencies with the invented people, on 24 November 2026 in Vietnam."""
    with clock.at(MORNING):
        yield directory.install_folder(DATA, demonstration=True)


@pytest.fixture
def ward(province):
    """The people's committee of a ward."""
    return directory.competent_agency(WARD, "commune")


@pytest.fixture
def acting(ward):
    """Return who holds a role in the ward, or in another agency by its key."""

    def find(role, key=""):
        agency = directory.agency_by_key(key) if key else ward
        return directory.actor_for_post(directory.holders_below(agency.id, role)[0].post.id)

    return find
