"""A process killed in the middle of an import: afterwards nothing is in, or everything."""

import pytest

from cuaso.capabilities.registries.tests import test_killed
from cuaso.capabilities.registries.tests.beside import told

pytestmark = pytest.mark.django_db
ground = test_killed.ground


def test_an_import_killed_at_any_step_leaves_nothing_or_everything_and_says_which(
    ground: str,
) -> None:
    met = told(ground, "killed_sheet", "7")
    assert len(met) > 4
    assert met[:-1] == [[0, 0, "read"]] * (len(met) - 1)
    # The same sheet is brought in afterwards as if nothing had happened.
    assert met[-1] == [4_500, 1, "done"]
