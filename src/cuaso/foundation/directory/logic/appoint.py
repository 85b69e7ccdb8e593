"""Give a person a post in an agency, and end it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.foundation.directory.logic.memory import MEMORY
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import one_line, sort_key

ROLES: Final = frozenset({"reception", "handler", "leader", "clerk", "admin", "auditor"})


def appoint(
    *,
    agency_id: UUID,
    person_id: UUID,
    title: str,
    roles: Iterable[str],
    start: date,
    actor: Actor,
    unit_id: UUID | None = None,
    reason: str = "",
) -> contracts.Post:
    """Give a person a post from a day on; raise Invalid for a role that does not exist, Conflict
    for roles that may not stand beside those that the person holds.
    """
    stated = require_roles(frozenset(roles))
    _require_apart(person_id, stated, agency_id=agency_id, start=start)
    with transaction.atomic():
        row = models.Post.objects.create(
            agency_id=agency_id,
            unit_id=unit_id,
            title=one_line(title),
            roles=sorted(stated),
            person_id=person_id,
            from_date=start,
            sort_key=sort_key(title),
        )
        note_post(row, act="directory.appointed", actor=actor, reason=reason)
    MEMORY.renew()
    return views.post(row)


def end_post(*, post_id: UUID, end: date, actor: Actor, reason: str) -> contracts.Post:
    """End a post: `end` is the first day on which nobody acts from it."""
    with transaction.atomic():
        row = models.Post.objects.select_for_update().filter(pk=post_id).first()
        if row is None or (row.from_date is not None and end <= row.from_date):
            raise NotFound(
                code="directory.no_post",
                what="Không có chức danh nào để chấm dứt vào ngày này.",
                mend="Hãy kiểm tra lại chức danh và ngày.",
            )
        row.until_date = end
        row.save(update_fields=["until_date"])
        note_post(row, act="directory.post_ended", actor=actor, reason=reason)
    MEMORY.renew()
    return views.post(row)


def _require_apart(person_id: UUID, roles: frozenset[str], *, agency_id: UUID, start: date) -> None:
    """Ask whom wiring has named: which roles stand apart is not known here."""
    if roles and settings.CUASO_ROLE_KEEPER:
        keeper: Callable[..., None] = import_string(settings.CUASO_ROLE_KEEPER)
        keeper(person_id=person_id, roles=roles, agency_id=agency_id, day=start)


def require_roles(roles: frozenset[str]) -> frozenset[str]:
    if odd := sorted(roles - ROLES):
        raise Invalid(
            code="directory.no_role",
            what=f"Không có vai trò: {', '.join(odd)}.",
            mend=f"Hãy chọn trong: {', '.join(sorted(ROLES))}.",
        )
    return roles


def note_post(row: models.Post, *, act: str, actor: Actor, reason: str = "") -> None:
    """Put what befell a post in the ledger."""
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="directory.post", id=row.id),
        content={
            "title": row.title,
            "roles": row.roles,
            "person": str(row.person_id),
            "agency": str(row.agency_id),
            "from": str(row.from_date),
            "until": str(row.until_date or ""),
        },
        reason=reason,
    )
