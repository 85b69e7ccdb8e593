"""Who acts in the whole-house tests, unless a test says otherwise."""

import pytest

from cuaso.channels.portal.tests.conftest import sign_in  # noqa: F401 a fixture
from tests.support.dossiers import submit_birth
from tests.support.fees import copies, gateway, one_gateway  # noqa: F401 fixtures
from tests.support.personnel import ministry, officials_simulator  # noqa: F401 fixtures


@pytest.fixture
def mother(citizen):
    return citizen()


@pytest.fixture
def submitted(mother):
    return submit_birth(mother).dossier_id
