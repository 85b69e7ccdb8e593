"""Guessing stops after so many tries, also when many come at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory

from cuaso.foundation.identity.logic.count_tries import (
    Limit,
    give_back,
    guesses_too_much,
    over,
    past,
    place_of,
)
from cuaso.kernel import clock

MOMENT = datetime(2026, 10, 7, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_tries_yet() -> Iterator[None]:
    with clock.at(MOMENT):
        yield


def asked(address: str = "198.51.100.7"):
    return RequestFactory().get("/", REMOTE_ADDR=address)


@pytest.mark.django_db
def test_the_try_past_the_limit_is_told_and_ten_minutes_later_a_new_count_begins():
    cache.clear()
    assert [over("a", limit=3) for _ in range(5)] == [False, False, False, True, True]
    assert over("b", limit=3) is False
    with clock.at(MOMENT + timedelta(minutes=10)):
        assert over("a", limit=3) is False


@pytest.mark.django_db
def test_no_ten_minutes_hold_more_tries_than_the_limit_wherever_they_begin():
    cache.clear()
    passed = []
    for second in range(0, 1800, 20):
        with clock.at(MOMENT + timedelta(seconds=second)):
            if not over("edge", limit=5):
                passed.append(second)
    assert passed[:10] == [0, 20, 40, 60, 80, 600, 620, 640, 660, 680]
    assert all(sum(one <= each < one + 600 for each in passed) <= 5 for one in range(0, 1800, 20))


@pytest.mark.django_db
def test_who_is_hammered_at_comes_in_as_soon_as_the_first_tries_are_old():
    cache.clear()
    for second in range(590):
        with clock.at(MOMENT + timedelta(seconds=second)):
            over("victim", limit=3)
    with clock.at(MOMENT + timedelta(seconds=600)):
        assert over("victim", limit=3) is False


@pytest.mark.django_db
def test_what_was_no_guess_is_given_back_and_the_rest_still_counts():
    cache.clear()
    limit = Limit(name="given", most=2)
    assert past([limit]) is False
    assert past([limit]) is False
    give_back([limit])
    assert past([limit]) is False
    assert past([limit]) is True


@pytest.mark.django_db
def test_all_limits_of_a_try_are_counted_by_one_statement(django_assert_num_queries):
    limits = [Limit(name=f"many-{number}", most=2) for number in range(3)]
    with django_assert_num_queries(1):
        assert past(limits) is False
    with django_assert_num_queries(1):
        assert past([*limits[::-1], Limit(name="other", most=1)]) is False
    assert past(limits) is True


@pytest.mark.django_db
def test_a_target_is_shut_for_everybody_and_a_place_for_every_target():
    cache.clear()
    places = [asked(f"198.51.100.{number}") for number in range(7)]
    told = [guesses_too_much(one, action="track", target=" cs-1 ") for one in places]
    assert told == [False] * 6 + [True]
    tried = [guesses_too_much(places[0], action="track", target=f"X-{n}") for n in range(20)]
    assert tried.count(True) == 1
    assert guesses_too_much(asked(), action="share") is False


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_pass_together():
    cache.clear()

    def one(_number: int) -> bool:
        try:
            with clock.at(MOMENT):
                return over("rush", limit=5)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(one, range(24)))
    assert told.count(False) == 5


def test_a_proxy_is_believed_only_as_far_as_it_is_trusted(settings):
    request = asked()
    request.META["HTTP_X_FORWARDED_FOR"] = "6.6.6.6, 10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert place_of(request) == "198.51.100.7"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert place_of(request) == "10.0.0.1"
