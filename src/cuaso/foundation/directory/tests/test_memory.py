"""What the directory remembers is renewed by every change, whoever makes it."""

from datetime import date

import pytest
from django.db import connection

from cuaso.foundation.directory import api, models
from cuaso.foundation.directory.logic import find_agencies, find_people, find_posts
from cuaso.kernel.actors import system
from cuaso.kernel.remembering import one_moment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
DAY = date(2026, 11, 24)


@pytest.fixture
def committee(province) -> models.Agency:
    return models.Agency.objects.get(key="ubnd-tinh-gia-lai")


def test_a_renamed_agency_is_told_by_its_new_name_in_the_next_moment(committee):
    with one_moment():
        assert find_agencies.agency(committee.id).name == "Ủy ban nhân dân tỉnh Gia Lai"
    with connection.cursor() as cursor:
        cursor.execute(
            "update directory_agency set name = 'UBND tỉnh Thử' where id = %s", [committee.id]
        )
    with one_moment():
        assert find_agencies.agency(committee.id).name == "UBND tỉnh Thử"


def test_a_second_question_in_a_moment_reads_nothing(committee, django_assert_num_queries):
    with one_moment():
        find_agencies.agency(committee.id)
        with django_assert_num_queries(0):
            find_agencies.agency(committee.id)
    with one_moment(), django_assert_num_queries(1):
        find_agencies.agency(committee.id)


def test_a_holder_who_is_renamed_is_told_by_the_new_name():
    post = models.Post.objects.valid_on(DAY).filter(person__isnull=False).first()
    assert post is not None
    assert post.person is not None
    with one_moment():
        assert find_posts.actor_for_post(post.id, DAY).name == post.person.name
    models.Person.objects.filter(id=post.person.id).update(name="Lê B")
    with one_moment():
        assert find_posts.actor_for_post(post.id, DAY).name == "Lê B"


def test_new_people_make_nobody_forget(committee, django_assert_num_queries):
    with one_moment():
        find_agencies.agency(committee.id)
    models.Person.objects.create(kind="person", name="Lê C", sort_key="c", folded="le c")
    with one_moment(), django_assert_num_queries(1):
        find_agencies.agency(committee.id)


def test_a_post_that_ends_makes_the_next_moment_read_anew(committee, django_assert_num_queries):
    with one_moment():
        find_agencies.agency(committee.id)
    models.Post.objects.valid_on(DAY).update(until_date=DAY)
    with one_moment(), django_assert_num_queries(2):
        find_agencies.agency(committee.id)


def test_a_person_is_asked_for_once_a_moment_until_the_moment_changes_somebody(
    django_assert_num_queries,
):
    person = api.ensure_person(name="Lê D", personal_number="052096000888", sex="male")
    with one_moment():
        with django_assert_num_queries(1):
            told = [find_people.person(person.id).phone for _ in range(3)]
        assert told == ["", "", ""]
        api.mend_person(
            person_id=person.id, facts={"phone": "0900000888"}, actor=system("Thử nghiệm")
        )
        assert find_people.person(person.id).phone == "0900000888"
    with one_moment(), django_assert_num_queries(1):
        assert find_people.person(person.id).phone == "0900000888"


def test_the_posts_of_a_role_are_asked_for_once_and_told_anew_when_one_falls_vacant(
    committee, django_assert_num_queries
):
    with one_moment():
        held = find_posts.held_posts(committee.id, "leader", DAY)
        assert held == tuple(each.post for each in find_posts.holders(committee.id, "leader", DAY))
        with django_assert_num_queries(0):
            assert find_posts.held_posts(committee.id, "leader", DAY) == held
    models.Post.objects.filter(id=held[0].id).update(person=None)
    with one_moment():
        assert find_posts.held_posts(committee.id, "leader", DAY) == held[1:]
