"""What went on since a post looked, and only for what it looked at."""

import pytest

from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.identifiers import new_id
from cuaso.services.worklists import api as worklists
from cuaso.services.worklists.contracts import Filter

pytestmark = pytest.mark.django_db


def officer() -> Actor:
    return Actor(kind="official", name="Cán bộ", person_id=new_id(), post_id=new_id())


def changed(versions, actor):
    return worklists.at_list(versions=versions, actor=actor).changed


def test_a_post_is_told_of_what_it_saw_before_and_nothing_else():
    mine, other, actor = new_id(), new_id(), officer()
    worklists.note_seen(dossier_id=mine, version=2, actor=actor)
    assert changed({mine: 2, other: 9}, actor) == frozenset()
    assert changed({mine: 3, other: 9}, actor) == {mine}
    assert changed({mine: 3}, officer()) == frozenset()
    worklists.note_seen(dossier_id=mine, version=3, actor=actor)
    assert changed({mine: 3}, actor) == frozenset()


def test_who_has_no_post_keeps_no_filter():
    citizen = Actor(kind="citizen", name="Người dân", person_id=new_id())
    with pytest.raises(NotAllowed):
        worklists.save_view(title="Của tôi", filter=Filter(view="mine"), actor=citizen)
    assert worklists.saved_views(actor=citizen) == ()
