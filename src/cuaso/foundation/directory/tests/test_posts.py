from datetime import date
from pathlib import Path

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api, models
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

CLERK = system("Thử nghiệm")
WARD = "21583"
DATA_PACKS = Path(__file__).parents[5] / "packs"


@pytest.fixture
def committee(province):
    return api.competent_agency(WARD, "commune")


def test_the_ward_has_somebody_in_every_role(committee):
    for role in ("handler", "leader", "clerk"):
        assert api.holders(committee.id, role)
    assert [one.person.name for one in api.holders(committee.id, "handler")] == ["Nguyễn Quốc Thái"]
    assert api.holders(committee.id, "reception") == ()
    (officer, second) = api.holders_below(committee.id, "reception")
    assert {officer.person.name, second.person.name} == {"Lê Thị Minh An", "Bùi Đức Anh"}
    assert officer.agency_id == api.one_stop_centre(committee.id).id


def test_an_official_acts_from_a_post_with_roles_and_agencies_below(committee):
    (holder,) = api.holders(committee.id, "handler")
    actor = api.actor_for_post(holder.post.id)
    assert (actor.kind, actor.name) == ("official", "Nguyễn Quốc Thái")
    assert (actor.person_id, actor.post_id) == (holder.person.id, holder.post.id)
    assert actor.roles == frozenset({"handler"})
    assert actor.agency_id == committee.id
    assert actor.agency_scope == {committee.id, api.one_stop_centre(committee.id).id}


def test_an_official_may_hold_several_posts(province):
    person = next(one for one in api.find_people("bui duc anh"))
    posts = api.posts_of(person.id)
    assert {role for post in posts for role in post.roles} == {"admin", "reception"}
    assert len({post.agency_id for post in posts}) == 2


def test_nobody_acts_before_the_post_began(committee):
    (holder,) = api.holders(committee.id, "handler")
    with pytest.raises(NotAllowed) as refusal:
        api.actor_for_post(holder.post.id, date(2025, 6, 30))
    assert refusal.value.code == "directory.post_not_in_force"
    assert api.posts_of(holder.person.id, date(2025, 6, 30)) == ()


def test_an_ended_post_gives_no_more_rights(committee):
    (holder,) = api.holders(committee.id, "clerk")
    api.end_post(post_id=holder.post.id, end=date(2026, 11, 24), actor=CLERK, reason="nghỉ hưu")
    assert api.holders(committee.id, "clerk") == ()
    with pytest.raises(NotAllowed):
        api.actor_for_post(holder.post.id)
    about = Subject(kind="directory.post", id=holder.post.id)
    assert [entry.reason for entry in audit.history(about)] == ["nghỉ hưu"]


def test_who_is_appointed_acts_from_that_day(committee):
    person = api.ensure_person(name="Lê Văn Mới")
    post = api.appoint(
        agency_id=committee.id,
        person_id=person.id,
        title="Công chức Tư pháp - Hộ tịch",
        roles=["handler"],
        start=date(2026, 11, 24),
        actor=CLERK,
    )
    assert api.post(post.id) == post
    assert api.holder_name(post.id) == "Lê Văn Mới"
    assert api.actor_for_post(post.id).roles == frozenset({"handler"})


def test_a_role_that_does_not_exist_is_refused(committee):
    before = models.Post.objects.count()
    person = api.ensure_person(name="Lê Văn Mới")
    with pytest.raises(Invalid) as refusal:
        api.appoint(
            agency_id=committee.id,
            person_id=person.id,
            title="Sai",
            roles=["king"],
            start=date(2026, 11, 24),
            actor=CLERK,
        )
    assert refusal.value.code == "directory.no_role"
    assert models.Post.objects.count() == before


def test_an_unknown_post_is_not_found(db):
    with pytest.raises(NotFound):
        api.post(new_id())
    with pytest.raises(NotFound):
        api.actor_for_post(new_id())


def test_the_auditor_and_the_administrator_of_the_province_are_there(province):
    committee = api.province().committee_id
    assert [one.person.name for one in api.holders(committee, "admin")] == ["Tô Hoài Nam"]
    assert [one.person.name for one in api.holders_below(committee, "auditor")] == [
        "Lý Thị Hồng Vân"
    ]


def test_installing_the_packs_twice_changes_nothing(province, settings):
    settings.PACKS = DATA_PACKS
    assert api.install_packs() == 0
    assert api.install_demonstration() == 0
