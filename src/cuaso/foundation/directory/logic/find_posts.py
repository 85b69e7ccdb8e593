from datetime import date
from uuid import UUID

from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.foundation.directory.logic.find_agencies import scope
from cuaso.foundation.directory.logic.memory import MEMORY
from cuaso.foundation.directory.logic.places_below import places_below
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed, NotFound


@MEMORY.keep
def post(id: UUID) -> contracts.Post:
    """Return a post of any day; raise NotFound."""
    return views.post(_row(id))


@MEMORY.keep
def posts_of(person_id: UUID, on: date | None = None) -> tuple[contracts.Post, ...]:
    """Return the posts that a person holds on a day (today), in order of title."""
    rows = models.Post.objects.valid_on(on or clock.today()).filter(person_id=person_id)
    return tuple(views.post(row) for row in rows.order_by("sort_key", "pk"))


def holders(agency_id: UUID, role: str, on: date | None = None) -> tuple[contracts.Holder, ...]:
    """Return who holds a role in exactly this agency on a day (today), vacant posts left out."""
    return _holders((agency_id,), role, on)


@MEMORY.keep
def held_posts(agency_id: UUID, role: str, on: date | None = None) -> tuple[contracts.Post, ...]:
    """Return the posts whose holders `holders` returns, without asking who they are."""
    return tuple(holder.post for holder in _holders((agency_id,), role, on))


def holders_below(
    agency_id: UUID, role: str, on: date | None = None
) -> tuple[contracts.Holder, ...]:
    """Return who holds a role in this agency or any below it on a day (today), nearest first."""
    return _holders(scope(agency_id, on or clock.today()), role, on)


@MEMORY.keep
def holder_name(post_id: UUID) -> str:
    """Return the name of who holds the post, `""` when it is vacant; raise NotFound."""
    row = _row(post_id)
    return row.person.name if row.person else ""


@MEMORY.keep
def actor_for_post(post_id: UUID, on: date | None = None) -> Actor:
    """Return the official who acts from a post on a day (today), with roles and agencies below.

    Raises NotFound for no such post, NotAllowed when it is vacant or not in force that day.
    """
    day = on or clock.today()
    row = _row(post_id)
    if row.person is None or not views.valid(row).contains(day):
        raise NotAllowed(
            code="directory.post_not_in_force",
            what=f"Không thể làm việc với chức danh “{row.title}” vào ngày {day:%d/%m/%Y}.",
            why="Chức danh này đang để trống hoặc không còn hiệu lực.",
            mend="Hãy liên hệ quản trị viên để được phân công lại.",
        )
    return Actor(
        kind="official",
        name=row.person.name,
        person_id=row.person_id,
        post_id=row.id,
        agency_id=row.agency_id,
        agency_scope=frozenset(scope(row.agency_id, day)),
        place_codes=_place_codes(row.agency, day),
        roles=frozenset(row.roles),
    )


def _place_codes(agency: models.Agency, day: date) -> frozenset[str]:
    """Nothing lies below a commune, so that most officials cost no question."""
    code = agency.place_code
    if not code or agency.level == "commune":
        return frozenset({code} - {""})
    return frozenset(places_below(code, day))


def _holders(
    agency_ids: tuple[UUID, ...], role: str, on: date | None
) -> tuple[contracts.Holder, ...]:
    rows = models.Post.objects.valid_on(on or clock.today()).filter(
        agency_id__in=agency_ids, roles__contains=[role], person__isnull=False
    )
    nearest = {agency_id: place for place, agency_id in enumerate(agency_ids)}
    held = sorted(
        rows.select_related("person").order_by("sort_key", "pk"),
        key=lambda row: nearest[row.agency_id],
    )
    return tuple(
        contracts.Holder(post=views.post(row), person=views.person(row.person))
        for row in held
        if row.person
    )


def _row(id: UUID) -> models.Post:
    row = models.Post.objects.select_related("person", "agency").filter(pk=id).first()
    if row is None:
        raise NotFound(
            code="directory.no_post",
            what="Không tìm thấy chức danh này.",
            mend="Hãy chọn lại chức danh đang giữ.",
        )
    return row
