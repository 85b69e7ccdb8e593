"""An installer of a demonstration house finds invented records in every registry."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.wiring.installation import INSTALLER

ROWS, MANY = 2, 120


@pytest.mark.django_db
def test_an_installer_finds_invented_records_in_every_registry_of_every_pack() -> None:
    filled = registries.fill_samples(actor=INSTALLER, rows=ROWS)
    assert len(filled) > 60
    assert {key: count for key, count in filled.items() if count != ROWS} == {}
    assert registries.fill_samples(actor=INSTALLER, rows=ROWS) == {}


@pytest.mark.django_db
def test_two_invented_records_never_share_what_a_record_has_to_itself() -> None:
    for key in ("agriculture/new_rural_commune", "ethnic-affairs/ethnic_indicator"):
        assert registries.fill_samples(actor=INSTALLER, key=key, rows=MANY) == {key: MANY}
