from collections import deque
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from uuid import UUID

from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.foundation.directory.logic.find_places import ancestors
from cuaso.foundation.directory.logic.memory import MEMORY
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotFound
from cuaso.kernel.numbers import AgencyCode
from cuaso.kernel.text import closeness, words


@MEMORY.keep
def agency(id: UUID) -> contracts.Agency:
    """Return an agency of any day; raise NotFound."""
    row = models.Agency.objects.filter(pk=id).first()
    if row is None:
        raise _unknown(str(id))
    return views.agency(row)


@MEMORY.keep
def agency_by_key(key: str) -> contracts.Agency:
    """Return the agency by its name in packs (`ubnd-tinh-gia-lai`); raise NotFound."""
    row = models.Agency.objects.filter(key=key).first()
    if row is None:
        raise _unknown(key)
    return views.agency(row)


def agency_key(id: UUID) -> str:
    """Return the name in packs of an agency; raise NotFound."""
    row = models.Agency.objects.filter(pk=id).first()
    if row is None:
        raise _unknown(str(id))
    return row.key


@MEMORY.keep
def agency_on(key: str, on: date | None = None) -> contracts.Agency:
    """Return the agency of a name in packs as it stands on a day (today): itself, else what
    became of it, or what it was before.

    Raises NotFound for an unknown key, and where the day knows none, or several, in its stead.
    """
    day = on or clock.today()
    start = models.Agency.objects.filter(key=key).first()
    if start is None:
        raise _unknown(key)
    standing = _in_its_stead(start, day)
    if len(standing) != 1:
        raise NotFound(
            code="directory.no_agency_on_day",
            what=f"Ngày {day:%d/%m/%Y} không xác định được một cơ quan thay cho “{start.name}”.",
            why="Cơ quan này chưa có, đã thôi hoạt động, hoặc có nhiều cơ quan kế tục.",
            mend="Hãy hỏi quản trị viên để bổ sung cơ quan kế tục.",
            data={"key": key, "day": day.isoformat()},
        )
    return views.agency(standing[0])


def _in_its_stead(start: models.Agency, day: date) -> list[models.Agency]:
    """Walk the successions from one agency towards a day; return who is there."""
    rows, later = [start], bool(start.until_date and start.until_date <= day)
    while rows:
        standing = [row for row in rows if views.valid(row).contains(day)]
        if standing:
            return standing
        step = {"precessions__old__in": rows} if later else {"successions__new__in": rows}
        rows = list(models.Agency.objects.filter(**step).distinct())
    return []


def agency_by_code(code: str, on: date | None = None) -> contracts.Agency:
    """Return the agency that had the code, in either style, on a day (today); raise NotFound."""
    stated = str(AgencyCode.parse(code))
    row = models.Agency.objects.valid_on(on or clock.today()).filter(code=stated).first()
    if row is None:
        raise _unknown(code)
    return views.agency(row)


@MEMORY.keep
def agencies(
    kind: str | None = None, on: date | None = None, level: contracts.Level | None = None
) -> tuple[contracts.Agency, ...]:
    """Return the agencies of a day (today) in Vietnamese order."""
    rows = models.Agency.objects.valid_on(on or clock.today()).order_by("sort_key", "key")
    if kind is not None:
        rows = rows.filter(kind=kind)
    if level is not None:
        rows = rows.filter(level=level)
    return tuple(views.agency(row) for row in rows)


def find_agencies(
    text: str, on: date | None = None, limit: int = 20
) -> tuple[contracts.Agency, ...]:
    """Return agencies of a day (today) that have a word beginning with each typed word."""
    asked = words(text)
    if not asked:
        return ()
    rows = models.Agency.objects.valid_on(on or clock.today()).found_by(asked)
    found = sorted(rows.order_by("sort_key"), key=lambda row: -closeness(text, row.name))
    return tuple(views.agency(row) for row in found[:limit])


@MEMORY.keep
def successors_of_agency(id: UUID) -> tuple[contracts.Agency, ...]:
    """Return the agencies that took over from one; `()` while none did."""
    rows = models.Agency.objects.filter(precessions__old_id=id).order_by("sort_key")
    return tuple(views.agency(row) for row in rows)


@MEMORY.keep
def heirs(on: date | None = None) -> Mapping[UUID, contracts.Agency]:
    """Return who stands on a day (today) in place of each agency that has ended, by its id.

    An agency that several took over, or nobody, is not among them: a person must say who goes on.
    """
    day = on or clock.today()
    rows = {row.pk: row for row in models.Agency.objects.all()}
    after: dict[UUID, set[UUID]] = {}
    for old, new in models.AgencySuccession.objects.values_list("old_id", "new_id"):
        after.setdefault(old, set()).add(new)
    found = {}
    for row in rows.values():
        ended = row.until_date is not None and row.until_date <= day
        reached = _reached(row.pk, rows, after, day) if ended else ()
        if len(reached) == 1:
            found[row.pk] = views.agency(rows[next(iter(reached))])
    return MappingProxyType(found)


def _reached(
    start: UUID, rows: Mapping[UUID, models.Agency], after: Mapping[UUID, set[UUID]], day: date
) -> set[UUID]:
    """Follow the successions from an agency; return where they stand on the day."""
    standing, going, seen = set[UUID](), {start}, {start}
    while going:
        going = {new for old in going for new in after.get(old, ())} - seen
        seen |= going
        standing |= {id for id in going if views.valid(rows[id]).contains(day)}
        going -= standing
    return standing


@MEMORY.keep
def competent_agency(
    place_code: str, level: contracts.Level, on: date | None = None
) -> contracts.Agency:
    """Return the people's committee of a level that answers for a place on a day (today).

    Raises NotFound where the level has none: there are no districts since 1 July 2025.
    """
    day = on or clock.today()
    held = ancestors(place_code, day).get(level)
    rows = models.Agency.objects.valid_on(day).filter(kind="committee", level=level)
    row = rows.filter(place_code=held.code).first() if held else None
    if row is None:
        raise NotFound(
            code="directory.no_competent_agency",
            what=f"Không có cơ quan có thẩm quyền ở cấp này cho địa bàn “{place_code}”.",
            why=f"Vào ngày {day:%d/%m/%Y} địa bàn này không có Ủy ban nhân dân cấp được hỏi.",
            mend="Hãy chọn đúng xã, phường, hoặc hỏi cơ quan cấp trên.",
            data={"place_code": place_code, "level": level},
        )
    return views.agency(row)


def competent_agencies(
    place_codes: Iterable[str], level: contracts.Level, on: date | None = None
) -> dict[str, UUID]:
    """Return by place, of places of this very level, the committee that answers for it on a day
    (today), in one question; a place that has none is left out.
    """
    day = on or clock.today()
    places = models.Place.objects.valid_on(day).filter(level=level, code__in=set(place_codes))
    rows = models.Agency.objects.valid_on(day).filter(
        kind="committee", level=level, place_code__in=places.values("code")
    )
    return dict(rows.order_by("-pk").values_list("place_code", "id"))


@MEMORY.keep
def one_stop_centre(agency_id: UUID, on: date | None = None) -> contracts.Agency:
    """Return the one-stop centre that receives for an agency on a day (today).

    It is the agency's own; a department, or what stands under one, has that of the committee
    above. The agency itself where there is none.
    """
    rows = models.Agency.objects.valid_on(on or clock.today()).filter(kind="one_stop_centre")
    asked = agency(agency_id)
    above: contracts.Agency | None = asked
    while above is not None:
        row = rows.filter(parent_id=above.id).first()
        if row is not None:
            return views.agency(row)
        climbs = above.kind not in ("committee", "one_stop_centre") and above.parent_id
        above = agency(climbs) if climbs else None
    return asked


@MEMORY.keep
def scope(agency_id: UUID, on: date) -> tuple[UUID, ...]:
    """Return the agency and all below it on a day, nearest first."""
    children: dict[UUID, list[UUID]] = {}
    pairs = models.Agency.objects.valid_on(on).exclude(parent=None).order_by("sort_key")
    for child, parent in pairs.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(child)
    found: list[UUID] = []
    waiting = deque([agency_id])
    while waiting:
        current = waiting.popleft()
        found.append(current)
        waiting.extend(children.get(current, ()))
    return tuple(found)


@MEMORY.keep
def province(on: date | None = None) -> contracts.Province:
    """Return the province of this house as it was on a day (today); raise NotFound."""
    day = on or clock.today()
    rows = models.Agency.objects.valid_on(day).filter(kind="committee", level="province")
    row = rows.order_by("key").first()
    if row is None:
        raise Invalid(
            code="directory.no_province",
            what=f"Chưa khai báo tỉnh cho ngày {day:%d/%m/%Y}.",
            mend="Hãy nạp gói dữ liệu của tỉnh vào hệ thống.",
        )
    held = models.Place.objects.valid_on(day).get(level="province", code=row.place_code)
    return contracts.Province(
        name=held.full_name,
        code=row.code,
        place_code=held.code,
        committee_id=row.id,
        committee_name=row.name,
        seal_name=row.seal_name,
        unverified=row.unverified,
    )


@MEMORY.keep
def units(agency_id: UUID, on: date | None = None) -> tuple[contracts.Unit, ...]:
    """Return the units of an agency on a day (today)."""
    rows = models.Unit.objects.valid_on(on or clock.today()).filter(agency_id=agency_id)
    return tuple(views.unit(row) for row in rows.order_by("key"))


def _unknown(what: str) -> NotFound:
    return NotFound(
        code="directory.no_agency",
        what=f"Không tìm thấy cơ quan “{what}”.",
        mend="Hãy kiểm tra mã cơ quan và ngày có hiệu lực.",
    )
