"""KT-d5: what the packs tell as examples comes about on the real engines."""

from pathlib import Path

import pytest

from cuaso.declarations import packs
from cuaso.declarations.packs import HOUSE_ACTS
from cuaso.declarations.stories import play
from cuaso.wiring.storyteller import Storyteller

PACKS = Path(__file__).resolve().parents[2] / "packs"
TOLD = [
    pytest.param(pack, story, id=f"{pack.id}: {story.name}")
    for pack in (packs.load(manifest.parent) for manifest in sorted(PACKS.glob("*/pack.yaml")))
    for story in pack.examples
    if set(story.acts) <= HOUSE_ACTS
]


def test_the_storyteller_knows_every_act_that_a_pack_may_use():
    assert Storyteller().acts == HOUSE_ACTS


@pytest.mark.django_db
@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(("pack", "story"), TOLD)
def test_playing_a_packs_story_ends_as_it_says(pack, story):
    outcome = play(story, pack, [Storyteller()])
    assert (outcome.verdict, outcome.differences) == ("passed", ())
