"""A system keeps a unit of its agency and who works there."""

from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.provisioning import contracts, models
from cuaso.capabilities.provisioning.logic import views
from cuaso.capabilities.provisioning.logic.find_entries import visible
from cuaso.capabilities.provisioning.logic.keep_person import locked, require_writing
from cuaso.capabilities.provisioning.logic.know_system import actor_of_system
from cuaso.capabilities.provisioning.logic.render import digest_of, render_people, render_units
from cuaso.capabilities.provisioning.logic.said import remember
from cuaso.capabilities.provisioning.logic.turns import take_turn
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed
from cuaso.kernel.text import one_line

PLAIN_TITLE: Final = "Thành viên"
_LONGEST_NAME: Final = 300


def open_unit(
    *, system: contracts.System, wanted: contracts.UnitWanted, trace: str = ""
) -> contracts.Entry:
    """Found a unit in the system's agency (the province's committee) with its people."""
    require_writing(system)
    _check(wanted)
    actor = actor_of_system(system, trace=trace)
    agency_id = system.agency_id or directory.province().committee_id
    with transaction.atomic():
        take_turn()
        unit = directory.found_unit(agency_id=agency_id, name=wanted.name, actor=actor)
        render_units([unit.id])
        row = models.Entry.objects.select_for_update().get(pk=unit.id)
        row.made_by = system.id
        _move_people(row, wanted.members, system=system, actor=actor)
        return _say(row, wanted)


def keep_unit(
    *,
    system: contracts.System,
    id: UUID,
    wanted: contracts.UnitWanted,
    expected: str | None = None,
    trace: str = "",
) -> contracts.Entry:
    """Let a unit be called so and have these people: who joins gets a post without roles from
    today, who leaves ends theirs today.

    Raises NotFound, Conflict for another version, NotAllowed for an agency: agencies are founded
    and named by decision.
    """
    require_writing(system)
    _check(wanted)
    actor = actor_of_system(system, trace=trace)
    with transaction.atomic():
        take_turn()
        row = locked(system, id, kinds=("agency", "unit"), expected=expected)
        _refuse_agency(row)
        directory.rename_unit(unit_id=id, name=wanted.name, actor=actor)
        render_units([id])
        row.refresh_from_db()
        _move_people(row, wanted.members, system=system, actor=actor)
        return _say(row, wanted)


def remove_unit(
    *, system: contracts.System, id: UUID, expected: str | None = None, trace: str = ""
) -> None:
    """Close a unit; its people leave their posts there. Raises as `keep_unit` does."""
    require_writing(system)
    actor = actor_of_system(system, trace=trace)
    with transaction.atomic():
        take_turn()
        row = locked(system, id, kinds=("agency", "unit"), expected=expected)
        _refuse_agency(row)
        _move_people(row, frozenset(), system=system, actor=actor)
        directory.close_unit(unit_id=id, actor=actor, reason=system.name)
        render_units([id])


def _move_people(
    unit: models.Entry, wanted: frozenset[UUID], *, system: contracts.System, actor: Actor
) -> None:
    people = models.Entry.objects.filter(kind="person", gone_at=None)
    held = people.filter(group_ids__contains=[unit.id])
    before = {row.id: row for row in held}
    joining = {row.id: row for row in visible(system, ("person",)).filter(pk__in=wanted)}
    _refuse_strangers(wanted - joining.keys() - before.keys())
    for id in wanted - before.keys():
        _join(unit, joining[id], actor=actor)
    for id in before.keys() - wanted:
        _leave(unit, before[id], actor=actor)
    if moved := wanted ^ before.keys():
        render_people(sorted(moved))


def _join(unit: models.Entry, person: models.Entry, *, actor: Actor) -> None:
    said = views.entry(person).said.get("title")
    title = said.value if said and isinstance(said.value, str) else person.title
    if person.person_id is not None:
        directory.appoint(
            agency_id=unit.agency_ids[0],
            unit_id=unit.id,
            person_id=person.person_id,
            title=title or PLAIN_TITLE,
            roles=(),
            start=clock.today(),
            actor=actor,
        )


def _leave(unit: models.Entry, person: models.Entry, *, actor: Actor) -> None:
    for post in views.entry(person).posts:
        if post.unit_id == unit.id:
            directory.leave_post(post_id=post.id, actor=actor, reason=actor.name)


def _say(row: models.Entry, wanted: contracts.UnitWanted) -> contracts.Entry:
    row.external_id = wanted.external_id or ""
    house = views.house(row)["short_name"]
    remember(row.said, name="short_name", value=wanted.short_name, house=house, own=house or None)
    row.digest = digest_of(row)
    row.changed_at = clock.now()
    row.save(update_fields=["said", "external_id", "made_by", "digest", "changed_at"])
    return views.entry(row)


def _refuse_agency(row: models.Entry) -> None:
    if row.kind == "agency":
        raise NotAllowed(
            code="provisioning.agency_by_decision",
            what=f"Không sửa được cơ quan “{row.display_name}” ở đây.",
            why="Cơ quan được thành lập, đổi tên và giải thể bằng quyết định.",
            mend="Hãy ghi quyết định vào sổ tổ chức, danh bạ sẽ cập nhật theo.",
        )


def _refuse_strangers(ids: frozenset[UUID] | set[UUID]) -> None:
    if ids:
        raise Invalid(
            code="provisioning.no_member",
            what="Có thành viên không có trong danh bạ.",
            why=", ".join(sorted(map(str, ids))),
            mend="Hãy tạo tài khoản cho họ trước, hoặc bỏ họ khỏi danh sách.",
            status=400,
        )


def _check(wanted: contracts.UnitWanted) -> None:
    if not 0 < len(one_line(wanted.name)) <= _LONGEST_NAME:
        raise Invalid(
            code="provisioning.unit_name",
            what=f"Tên đơn vị phải có và không dài quá {_LONGEST_NAME} ký tự.",
            mend="Hãy đặt lại tên đơn vị.",
            status=400,
        )
