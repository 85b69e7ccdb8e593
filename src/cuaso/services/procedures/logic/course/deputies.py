"""Who stands for whom: in these days a deputy may do what the absent official holds."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Post
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from cuaso.kernel.remembering import forget_once, once
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures.act_contracts import DeputyView
from cuaso.services.procedures.act_models import Deputy
from cuaso.services.procedures.models import Work

# Roles whose work waits in dossiers, as people say them; others need no deputy here.
WORKING: Mapping[str, str] = {
    "reception": "tiếp nhận, trả kết quả",
    "handler": "thẩm tra",
    "leader": "ký, phê duyệt",
    "clerk": "cấp số, đóng dấu",
}
SETTERS = frozenset({"leader", "admin"})
# A plain statement: every list of work asks it.
_ABSENT = """
select post_id, roles from procedures_deputy
where deputy_post_id = %s and ended_at is null and %s between from_date and until_date
"""
# Of a post with its roles on a day: the posts from which it acts, each with the roles in which.
_Standing = dict[tuple[UUID, frozenset[str], date], Mapping[UUID, frozenset[str]]]


def stands_for(actor: Actor) -> Mapping[UUID, frozenset[str]]:
    """Return the posts from which an official acts today, each with the roles in which: their own
    with all, those of the absent with what was handed over.
    """
    if actor.post_id is None:
        return {}
    today = clock.today()
    kept: _Standing = once(stands_for, dict)
    key = (actor.post_id, actor.roles, today)
    if key not in kept:
        kept[key] = _stands_for(actor.post_id, actor.roles, today)
    return kept[key]


def _stands_for(
    own_id: UUID, own_roles: Collection[str], today: date
) -> Mapping[UUID, frozenset[str]]:
    found = {own_id: frozenset(own_roles)}
    with audit.planned() as cursor:
        cursor.execute(_ABSENT, [own_id, today])
        for post_id, roles in cursor.fetchall():
            found[post_id] = found.get(post_id, frozenset()) | frozenset(roles)
    return found


def holds(actor: Actor, work: Work) -> bool:
    """Say whether the actor holds a step, or stands for who does in the step's role."""
    return work.post_id is not None and work.role in stands_for(actor).get(work.post_id, ())


def held_by(actor: Actor) -> Q:
    """Return the condition on steps that the actor holds, or stands for who does."""
    held = Q(post_id=actor.post_id) if actor.post_id else Q(pk__in=())
    for post_id, roles in stands_for(actor).items():
        held |= Q(post_id=post_id, role__in=sorted(roles))
    return held


def acting(actor: Actor, work: Work) -> Actor:
    """Return the actor as the ledger names who does a step held by another: "B (thay A)"."""
    if actor.kind != "official" or work.post_id in (None, actor.post_id):
        return actor
    return replace(actor, name=f"{actor.name} (thay {directory.holder_name(work.post_id)})")


def set_deputy(
    *,
    post_id: UUID,
    deputy_post_id: UUID,
    since: date,
    until: date,
    actor: Actor,
    roles: Collection[str] = (),
    reason: str = "",
) -> DeputyView:
    """Let one post stand for another from a day to a day, both included, in some of its roles:
    `roles`, or all that the deputy holds too.

    Set by the absent official, or by who leads or administers the agency. Refused: days in the
    wrong order or past, a deputy at another agency, a role that either of the two does not hold,
    a second deputy for the same role on the same day.
    """
    with transaction.atomic():
        absent, deputy = directory.post(post_id), directory.post(deputy_post_id)
        _require_setter(absent, actor)
        _require_days(since, until)
        taken = _taken_over(absent, deputy, roles)
        _require_no_other(post_id, since, until, roles=taken)
        row = Deputy.objects.create(
            post_id=post_id,
            deputy_post_id=deputy_post_id,
            roles=taken,
            from_date=since,
            until_date=until,
            reason=reason.strip(),
            set_by=actor.name,
            set_at=clock.now(),
        )
        _write_down(row, actor=actor, act="deputy_set")
    return _view(row)


def end_deputy(*, id: UUID, actor: Actor) -> DeputyView:
    """End an absence before its last day; ending it again changes nothing."""
    with transaction.atomic():
        row = Deputy.objects.select_for_update().filter(id=id).first()
        if row is None:
            raise NotFound(
                code="procedures.deputy_unknown",
                what="Không tìm thấy lần vắng mặt này.",
                mend="Hãy tải lại trang.",
            )
        _require_setter(directory.post(row.post_id), actor)
        if row.ended_at is None:
            row.ended_at = clock.now()
            row.save(update_fields=["ended_at"])
            _write_down(row, actor=actor, act="deputy_ended")
    return _view(row)


def deputies(*, actor: Actor) -> tuple[DeputyView, ...]:
    """Return absences of today and later that concern the actor: their own, those they stand in
    for, and, for who leads or administers, those of the agency.
    """
    rows = Deputy.objects.filter(ended_at=None, until_date__gte=clock.today())
    if actor.roles & SETTERS:
        posts = {post_id for post_id, _ in absentees(actor=actor)}
    else:
        posts = {actor.post_id} if actor.post_id else set()
    mine = Q(post_id__in=posts) | Q(deputy_post_id=actor.post_id)
    return tuple(_view(row) for row in rows.filter(mine).order_by("from_date", "id"))


def absentees(*, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """Return the posts for which the actor may set a deputy, with their holders' names."""
    if not actor.roles & SETTERS:
        own = directory.post(actor.post_id) if actor.post_id else None
        return ((own.id, f"{actor.name}, {own.title}"),) if own else ()
    return tuple(dict.fromkeys(_below(actor)))


def _below(actor: Actor) -> Iterator[tuple[UUID, str]]:
    if actor.agency_id is None:
        return
    for role in WORKING:
        for holder in directory.holders_below(actor.agency_id, role):
            yield holder.post.id, f"{holder.person.name}, {holder.post.title}"


def possible_deputies(*, post_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """Return the posts that may stand for one: the same agency, some of the roles of its work.
    The label says which, where not all.
    """
    absent = directory.post(post_id)
    found: dict[UUID, str] = {}
    for role in _working(absent):
        for holder in directory.holders(absent.agency_id, role):
            if _fits(absent, holder.post):
                shared = [one for one in _working(absent) if one in holder.post.roles]
                part = "" if shared == _working(absent) else f" (chỉ thay được: {say(shared)})"
                found[holder.post.id] = f"{holder.person.name}, {holder.post.title}{part}"
    return tuple(found.items())


def deputy_roles(*, post_id: UUID) -> tuple[tuple[str, str], ...]:
    """Return the roles of a post that deputies may take over, each as people say it."""
    return tuple((role, WORKING[role]) for role in _working(directory.post(post_id)))


def say(roles: Collection[str]) -> str:
    """Return roles as people say them, in the order of a dossier's way."""
    return "; ".join(words for role, words in WORKING.items() if role in roles)


def _working(post: Post) -> list[str]:
    return [role for role in WORKING if role in post.roles]


def _fits(absent: Post, deputy: Post) -> bool:
    return (
        deputy.id != absent.id
        and deputy.agency_id == absent.agency_id
        and bool(deputy.roles.intersection(_working(absent)))
        and deputy.person_id is not None
        and deputy.person_id != absent.person_id
        and deputy.valid.contains(clock.today())
    )


def _require_setter(absent: Post, actor: Actor) -> None:
    leads = bool(actor.roles & SETTERS) and absent.agency_id in actor.agency_scope
    if actor.kind == "official" and (actor.post_id == absent.id or leads):
        return
    raise NotAllowed(
        code="procedures.deputy_not_yours_to_set",
        what="Ông/bà không cử được người thay cho vị trí này.",
        why="Chỉ chính người vắng mặt, lãnh đạo hoặc quản trị viên của cơ quan được cử người thay.",
        mend="Hãy đề nghị lãnh đạo cơ quan đó.",
    )


def _require_days(since: date, until: date) -> None:
    if until < max(since, clock.today()):
        raise _unfit("until", "Ngày cuối phải từ hôm nay trở đi và không trước ngày đầu.")


def _taken_over(absent: Post, deputy: Post, roles: Collection[str]) -> list[str]:
    """Return the roles that the deputy takes over, in order; raise Invalid for an unfit choice."""
    if not _fits(absent, deputy):
        raise _unfit(
            "deputy_post_id",
            "Người thay phải ở cùng cơ quan và giữ ít nhất một vai trò của người vắng mặt.",
        )
    shared = [role for role in _working(absent) if role in deputy.roles]
    beyond = set(roles) - set(shared)
    if beyond:
        words = say(beyond) or ", ".join(sorted(beyond))
        raise _unfit("roles", f"Người thay hoặc người vắng mặt không giữ vai trò: {words}.")
    return [role for role in shared if role in roles] if roles else shared


def _unfit(field: str, said: str) -> Invalid:
    return Invalid(
        code="procedures.deputy_unfit",
        what="Chưa cử được người thay.",
        mend="Hãy sửa chỗ được nêu.",
        problems=(Problem(field=field, say=said),),
    )


def _require_no_other(post_id: UUID, since: date, until: date, *, roles: Collection[str]) -> None:
    other = Deputy.objects.select_for_update().filter(
        post_id=post_id,
        ended_at=None,
        from_date__lte=until,
        until_date__gte=since,
        roles__overlap=list(roles),
    )
    if other.exists():
        raise Conflict(
            code="procedures.deputy_set_already",
            what="Chưa cử được người thay.",
            why="Trong những ngày này đã có người thay vị trí đó ở vai trò được chọn.",
            mend="Hãy kết thúc lần cử trước, hoặc chọn ngày khác.",
        )


def _write_down(row: Deputy, *, actor: Actor, act: str) -> None:
    forget_once(stands_for)
    about = Subject(kind="procedures.deputy", id=row.id)
    audit.record(
        actor=actor,
        act=f"procedures.{act}",
        subject=about,
        content={
            "post": str(row.post_id),
            "deputy": str(row.deputy_post_id),
            "roles": list(row.roles),
            "from": row.from_date.isoformat(),
            "until": row.until_date.isoformat(),
        },
        reason=row.reason,
    )
    audit.publish(topic=f"procedures.{act}", subject=about, payload={"post": str(row.post_id)})


def _view(row: Deputy) -> DeputyView:
    absent, deputy = directory.post(row.post_id), directory.post(row.deputy_post_id)
    in_days = row.from_date <= clock.today() <= row.until_date
    return DeputyView(
        id=row.id,
        post_id=row.post_id,
        absent_name=directory.holder_name(row.post_id),
        absent_title=absent.title,
        deputy_post_id=row.deputy_post_id,
        deputy_name=directory.holder_name(row.deputy_post_id),
        deputy_title=deputy.title,
        from_date=row.from_date,
        until_date=row.until_date,
        reason=row.reason,
        set_by=row.set_by,
        in_force=row.ended_at is None and in_days,
        roles=tuple(row.roles),
        roles_say=say(row.roles),
    )
