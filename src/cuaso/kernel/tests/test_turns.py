import sys
from contextlib import ExitStack

import pytest

from cuaso.kernel.turns import SHORT_SECONDS, short_turns

USUAL = 0.005


def test_turns_are_short_within_a_block_and_as_before_behind_it() -> None:
    assert sys.getswitchinterval() == pytest.approx(USUAL)
    with short_turns():
        assert sys.getswitchinterval() == pytest.approx(SHORT_SECONDS)
    assert sys.getswitchinterval() == pytest.approx(USUAL)


def test_turns_stay_short_until_the_last_of_two_blocks_ends_whichever_it_is() -> None:
    first, second = ExitStack(), ExitStack()
    first.enter_context(short_turns())
    second.enter_context(short_turns())
    first.close()
    assert sys.getswitchinterval() == pytest.approx(SHORT_SECONDS)
    second.close()
    assert sys.getswitchinterval() == pytest.approx(USUAL)


def test_a_block_that_fails_leaves_turns_as_they_were() -> None:
    def failing() -> None:
        with short_turns():
            raise ValueError("a sheet that cannot be read")

    with pytest.raises(ValueError, match="cannot be read"):
        failing()
    assert sys.getswitchinterval() == pytest.approx(USUAL)
