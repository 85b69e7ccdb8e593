"""KT-d5: codes and numbers in series without gap or double, though sixteen ask at once.

Threads commit on their own connections; what they wrote is deleted again.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from cuaso.services.procedures.logic.matter import codes
from cuaso.services.procedures.models import CodeCounter, NumberBook

THREADS, EACH = 16, 4
AGENCY = "H99.99.99"
DAY = date(2031, 3, 3)


@pytest.fixture
def at_once(django_db_setup, django_db_blocker):
    """Call from sixteen threads, each on its own connection; return all answers."""
    del django_db_setup

    def asked(ask: Callable[[], object]) -> list[object]:
        def many() -> list[object]:
            try:
                return [_committed(ask) for _ in range(EACH)]
            finally:
                connection.close()

        with ThreadPoolExecutor(THREADS) as pool:
            return [
                one for turn in [pool.submit(many) for _ in range(THREADS)] for one in turn.result()
            ]

    with django_db_blocker.unblock():
        yield asked
        CodeCounter.objects.filter(agency_code=AGENCY).delete()
        NumberBook.objects.filter(book__startswith="Sổ thử").delete()
        connection.close()


def _committed(ask: Callable[[], object]) -> object:
    with transaction.atomic():
        return ask()


def test_receipts_at_sixteen_counters_get_codes_without_gap_or_double(at_once):
    given = at_once(lambda: codes.dossier_code(agency_code=AGENCY, day=DAY))
    wanted = [f"{AGENCY}-310303-{number:04d}" for number in range(1, THREADS * EACH + 1)]
    assert sorted(given) == wanted


def test_sixteen_clerks_number_one_book_without_gap_or_double(at_once):
    agency = uuid4()
    given = at_once(lambda: codes.book_number(agency_id=agency, book="Sổ thử 1", year=2031))
    assert sorted(given) == list(range(1, THREADS * EACH + 1))


def test_a_number_whose_act_failed_is_given_again(at_once):
    agency = uuid4()
    turns = iter(range(THREADS * EACH))

    def ask() -> int | None:
        return _numbered(agency, fails=next(turns) % 3 == 0)

    given = [number for number in at_once(ask) if number is not None]
    assert sorted(given) == list(range(1, len(given) + 1))
    assert NumberBook.objects.get(agency_id=agency).last == len(given)


class Broken(Exception):
    """The act failed after its number was given."""


def _numbered(agency: UUID, *, fails: bool) -> int | None:
    try:
        with transaction.atomic():
            number = codes.book_number(agency_id=agency, book="Sổ thử 2", year=2031)
            _go_on(fails=fails)
    except Broken:
        return None
    return number


def _go_on(*, fails: bool) -> None:
    if fails:
        raise Broken


def test_each_year_and_agency_begins_its_own_book(at_once):
    first, second = uuid4(), uuid4()
    asked = [(first, 2031), (first, 2032), (second, 2031), (first, 2031)]
    with transaction.atomic():
        given = [
            codes.book_number(agency_id=agency, book="Sổ thử 3", year=year)
            for agency, year in asked
        ]
    assert given == [1, 1, 1, 2]
    assert at_once is not None


def test_past_nine_thousand_nine_hundred_and_ninety_nine_a_day_the_code_grows(at_once):
    del at_once
    CodeCounter.objects.create(agency_code=AGENCY, day=DAY, last=9999)
    with transaction.atomic():
        assert codes.dossier_code(agency_code=AGENCY, day=DAY) == f"{AGENCY}-310303-10000"
