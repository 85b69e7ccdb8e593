from datetime import UTC, datetime
from pathlib import Path

import pytest

from cuaso.foundation.directory import api
from cuaso.kernel import clock

DATA = Path(__file__).parents[5] / "packs" / "province" / "data"


@pytest.fixture
def province(db):
    """The real places and agencies with the invented people, on 24 November 2026 in Vietnam."""
    with clock.at(datetime(2026, 11, 24, 2, tzinfo=UTC)):
        yield api.install_folder(DATA, demonstration=True)
