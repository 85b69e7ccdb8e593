"""KT-d5: nobody finds other people's dossiers, papers or receipts by trying."""

import pytest
from django.core.cache import cache

from cuaso.services.procedures import api as procedures
from tests.support.answers import MOTHER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
LOOK_UP, TRACKING = "/tra-cuu/", "/api/v1/tracking"


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    cache.clear()


@pytest.fixture
def legal_code(submitted, official):
    return procedures.receive(id=submitted, actor=official("reception")).dossier_code


def at_portal(client, code, fact="0001", **headers):
    return client.post(LOOK_UP, {"code": code, "second": fact}, headers=headers).status_code


def at_api(client, code, fact="0001", **headers):
    told = {"code": code, "second_fact": fact}
    answer = client.post(TRACKING, told, content_type="application/json", headers=headers)
    return answer.status_code


def neighbours(code):
    """Return the codes of a day's series beside one, as a guesser counts them."""
    begin, _, number = code.rpartition("-")
    return [f"{begin}-{int(number) + step:04d}" for step in range(1, 60)]


def test_kt_d5_who_walks_the_days_codes_is_stopped_whichever_door_they_take(client, legal_code):
    tried = neighbours(legal_code)
    said = [
        (at_portal if step % 2 else at_api)(client, code) for step, code in enumerate(tried[:20])
    ]
    assert said == [404] * 20
    assert (at_portal(client, tried[20]), at_api(client, tried[21])) == (429, 429)
    assert (
        at_portal(client, legal_code, MOTHER[-4:]),
        at_api(client, legal_code, MOTHER[-4:]),
    ) == (
        429,
        429,
    )


def test_kt_d5_six_wrong_facts_at_one_code_shut_it_at_both_doors(client, legal_code):
    said = [at_portal(client, legal_code, f"000{n}") for n in range(3)]
    said += [at_api(client, legal_code, f"000{n}") for n in range(3, 6)]
    assert said == [404] * 6
    assert at_portal(client, legal_code, MOTHER[-4:]) == 429
    assert at_api(client, legal_code, MOTHER[-4:]) == 429


def test_people_behind_one_proxy_are_not_taken_for_one_guesser(client, legal_code, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    guesser = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    other = {"X-Forwarded-For": "198.51.100.7, 203.0.113.10"}
    for code in neighbours(legal_code)[:20]:
        assert at_portal(client, code, **guesser) == 404
    assert at_portal(client, legal_code, MOTHER[-4:], **guesser) == 429
    assert at_portal(client, legal_code, MOTHER[-4:], **other) == 200


def test_who_guesses_at_verification_codes_is_stopped_over_all_codes(client):
    def check(number):
        told = {"code": f"ABCDE-{number:05d}", "number": "01/2026"}
        return client.post("/xac-minh/", told).status_code

    said = [check(number) for number in range(20)]
    assert set(said) == {said[0]}
    assert said[0] != 429
    assert check(20) == 429
