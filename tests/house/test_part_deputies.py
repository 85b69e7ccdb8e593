"""KT-d5: who is absent with two roles is stood for in one, by another in the other."""

from datetime import date

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.act_models import Deputy
from tests.support.dossiers import bring_to_signature, rows_of, submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
HOUSE = system("Kiểm thử")
WEEK = {"since": date(2026, 10, 7), "until": date(2026, 10, 9)}


@pytest.fixture
def people(official):
    """Return who examines and signs, who only signs, and who only examines, all of Quy Nhơn."""
    chair, handler = official("leader"), official("handler")
    person = directory.ensure_person(
        name="Trương Kiêm Nhiệm", personal_number="052088000777", invented=True, actor=HOUSE
    )
    both = directory.appoint(
        agency_id=chair.agency_id,
        person_id=person.id,
        title="Phó Chủ tịch kiêm hộ tịch",
        roles=("handler", "leader"),
        start=date(2026, 1, 1),
        actor=HOUSE,
    )
    return directory.actor_for_post(both.id), chair, handler


def held(mother, official, both, *, role):
    id = submit_marital(mother, key=role).dossier_id
    if role == "leader":
        bring_to_signature(id, mother, official)
    else:
        procedures.receive(id=id, actor=official("reception"))
    procedures.claim(id=id, actor=both)
    return id


def test_a_deputy_takes_over_only_the_role_that_was_named_KT_d5(people, mother, official):
    both, chair, handler = people
    signing = held(mother, official, both, role="leader")
    examining = held(mother, official, both, role="handler")
    view = procedures.set_deputy(
        post_id=both.post_id, deputy_post_id=chair.post_id, roles=["leader"], actor=both, **WEEK
    )
    assert (view.roles, view.roles_say) == (("leader",), "ký, phê duyệt")
    procedures.approve(id=signing, actor=chair)
    before = rows_of(examining)
    with pytest.raises(NotAllowed):
        procedures.propose(id=examining, values={}, note="", actor=handler)
    assert rows_of(examining) == before
    procedures.set_deputy(
        post_id=both.post_id, deputy_post_id=handler.post_id, roles=["handler"], actor=both, **WEEK
    )
    assert examining in {row.id for row in procedures.queue(actor=handler).rows}
    procedures.propose(id=examining, values={}, note="", actor=handler)


def test_a_deputy_with_both_roles_who_was_given_one_does_not_do_the_other_KT_d5(
    people, mother, official
):
    both, chair, _handler = people
    second = directory.appoint(
        agency_id=chair.agency_id,
        person_id=chair.person_id,
        title="Chủ tịch kiêm hộ tịch",
        roles=("handler", "leader"),
        start=date(2026, 1, 1),
        actor=HOUSE,
    )
    examining = held(mother, official, both, role="handler")
    procedures.set_deputy(
        post_id=both.post_id, deputy_post_id=second.id, roles=["leader"], actor=both, **WEEK
    )
    stranger = directory.actor_for_post(second.id)
    assert procedures.queue(actor=stranger).rows == ()
    before = rows_of(examining)
    with pytest.raises(NotAllowed):
        procedures.propose(id=examining, values={}, note="", actor=stranger)
    assert rows_of(examining) == before


def test_who_names_no_role_gives_all_that_both_hold_and_reads_which_KT_d5(people):
    both, chair, handler = people
    labels = dict(procedures.possible_deputies(post_id=both.post_id))
    assert labels[chair.post_id].endswith("(chỉ thay được: ký, phê duyệt)")
    assert labels[handler.post_id].endswith("(chỉ thay được: thẩm tra)")
    view = procedures.set_deputy(
        post_id=both.post_id, deputy_post_id=handler.post_id, actor=both, **WEEK
    )
    assert view.roles == ("handler",)


@pytest.mark.parametrize(
    ("deputy", "roles", "refusal"),
    [("chair", ["handler"], Invalid), ("chair", ["clerk"], Invalid), ("handler", [], Conflict)],
)
def test_a_role_that_one_of_the_two_does_not_hold_or_that_is_given_is_refused_KT_d5(
    people, official, deputy, roles, refusal
):
    both, chair, handler = people
    procedures.set_deputy(post_id=both.post_id, deputy_post_id=handler.post_id, actor=both, **WEEK)
    post_id = chair.post_id if deputy == "chair" else handler.post_id
    with pytest.raises(refusal):
        procedures.set_deputy(
            post_id=both.post_id, deputy_post_id=post_id, roles=roles, actor=both, **WEEK
        )
    assert Deputy.objects.count() == 1
