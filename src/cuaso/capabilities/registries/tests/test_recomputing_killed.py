"""A worker killed while it brings records to a formula, and one beside whom an officer edits."""

import pytest

from cuaso.capabilities.registries.tests import test_killed
from cuaso.capabilities.registries.tests.beside import told

pytestmark = pytest.mark.django_db
ground = test_killed.ground


def test_a_worker_killed_at_any_statement_goes_on_and_an_edit_beside_it_is_never_overwritten(
    ground: str,
) -> None:
    found = told(ground, "killed_recomputing")
    # Value, how often made anew, revision: a record has all three of before, or of after.
    done = [[number, 1, 2] for number in range(1, 6)]
    states = [[one if new == one else "as before" for new, one in zip(each, done, strict=True)]
              for each in found["met"]]  # fmt: skip
    assert all(
        [new for new in each if new not in done] == [[None, 0, 1]] * state.count("as before")
        for each, state in zip(found["met"], states, strict=True)
    )
    left = [state.count("as before") for state in states]
    assert left == sorted(left, reverse=True)
    assert {5, 3} <= {*left} <= {5, 3, 1, 0}
    assert (found["after"], found["told"]) == (done, [2, 2, 1])
    # Whose record somebody is editing waits, and the later edit is what stands.
    assert (found["waited"], found["during"]) == (0, done)
    assert found["edited"] == [[10, 2, 3], [40, 1, 3], [30, 2, 3], [40, 2, 3], [50, 2, 3]]
