"""Who acts in the whole-house tests, unless a test says otherwise."""

import pytest

from tests.support.dossiers import submit_birth


@pytest.fixture
def mother(citizen):
    return citizen()


@pytest.fixture
def submitted(mother):
    return submit_birth(mother).dossier_id
