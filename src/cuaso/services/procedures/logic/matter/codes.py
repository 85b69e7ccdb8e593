"""Codes and numbers: unguessable before receipt, in series without gap or double after it."""

from datetime import date
from uuid import UUID

from django.db import connection

from cuaso.kernel.identifiers import unguessable


def tracking_code() -> str:
    """Return a code that nobody can guess: 12 letters in three groups (59 bits)."""
    letters = unguessable(12)
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def verify_code() -> str:
    """Return the code under a result's QR picture (49 bits; its number is asked as well)."""
    letters = unguessable(10)
    return f"{letters[:5]}-{letters[5:]}"


def dossier_code(*, agency_code: str, day: date) -> str:
    """Return the next legal code of an agency and day, `H21.12.05-261123-0007`.

    To be the last statement of the act: the row of the series stays locked until the act commits.
    Past 9,999 a day the sequence has five digits. Source: circular 01/2018/TT-VPCP, article 19.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procedures_codecounter (agency_code, day, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (agency_code, day) DO UPDATE SET last = procedures_codecounter.last + 1 "
            "RETURNING last",
            [agency_code, day],
        )
        (last,) = cursor.fetchone()
    return f"{agency_code}-{day:%y%m%d}-{last:04d}"


def book_number(*, agency_id: UUID, book: str, year: int) -> int:
    """Return the next number of an agency's book in a year, without gap or double.

    The row of the book stays locked until the act commits or takes the number back by rolling back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procedures_numberbook (agency_id, book, year, last) "
            "VALUES (%s, %s, %s, 1) ON CONFLICT (agency_id, book, year) "
            "DO UPDATE SET last = procedures_numberbook.last + 1 RETURNING last",
            [agency_id, book, year],
        )
        (last,) = cursor.fetchone()
    return int(last)


def foreseen_number(*, agency_id: UUID, book: str, year: int) -> int:
    """Return the number that a book would give now; nothing is locked or used up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last FROM procedures_numberbook WHERE agency_id = %s AND book = %s "
            "AND year = %s",
            [agency_id, book, year],
        )
        found = cursor.fetchone()
    return int(found[0]) + 1 if found else 1
