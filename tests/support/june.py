"""A ward of Bình Định on both sides of 1 July 2025: the same place code, two agencies, two regimes.

The demonstration's officials hold posts since 1 July 2025; here they hold invented ones before.
"""

from datetime import date, datetime

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Agency
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.services.procedures import jobs
from tests.support.answers import QUY_NHON

JUNE_30 = datetime(2025, 6, 30, 16, 0, tzinfo=clock.VIETNAM)
JULY_1 = datetime(2025, 7, 1, 8, 0, tzinfo=clock.VIETNAM)
MIDNIGHT = datetime(2025, 7, 1, 0, 5, tzinfo=clock.VIETNAM)
THI_NAI = "ubnd-21583-2024"
POSTS = {
    "reception": ("052190000101", "Công chức tiếp nhận"),
    "handler": ("052086000102", "Công chức Tư pháp - Hộ tịch"),
    "leader": ("052179000103", "Chủ tịch Ủy ban nhân dân"),
    "clerk": ("052081000104", "Công chức Văn phòng"),
}


def staff() -> dict[str, Actor]:
    """Give the ward of June 2025 its four posts; return who acts from them on 30 June."""
    return {role: _appoint(role) for role in POSTS}


def _appoint(role: str) -> Actor:
    number, title = POSTS[role]
    person = directory.find_person(number)
    assert person is not None
    post = directory.appoint(
        agency_id=before_july().id,
        person_id=person.id,
        title=title,
        roles=[role],
        start=date(2025, 1, 1),
        actor=system("Kiểm thử"),
    )
    return directory.actor_for_post(post.id, on=date(2025, 6, 30))


def before_july() -> Agency:
    """Return the ward's committee until 30 June 2025."""
    return directory.agency_by_key(THI_NAI)


def since_july() -> Agency:
    """Return the committee that took the place code over on 1 July 2025."""
    return directory.competent_agency(QUY_NHON, "commune", on=date(2025, 7, 1))


def centre_since_july() -> Agency:
    """Return the one-stop centre of the ward's successor."""
    return directory.one_stop_centre(since_july().id, on=date(2025, 7, 1))


def official_of(agency: Agency, role: str) -> Actor:
    """Return who holds a role in an agency since 1 July 2025."""
    day = date(2025, 7, 1)
    return directory.actor_for_post(directory.holders(agency.id, role, on=day)[0].post.id, on=day)


def reorganise() -> int:
    """Let the house of midnight hand what stood in the ward to its successor; return how many."""
    with clock.at(MIDNIGHT):
        return jobs.hand_to_heirs()
