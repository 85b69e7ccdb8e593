"""What an administrator does: try again, choose a user name, hand out an activation code."""

import re
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from cuaso.capabilities.registries import api as registries
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.contracts import ActivationCode
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from cuaso.services.personnel.logic.settle import settle
from cuaso.services.personnel.models import Decision, Movement, Official

AGAIN: Final = timedelta(minutes=5)
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


def retry_due(limit: int = 50) -> int:
    """Try again what is stuck and due; return how many could be done."""
    due = Movement.objects.filter(state="stuck", next_try_at__lte=clock.now())
    rows = due.select_related("official").order_by("next_try_at")[:limit]
    return sum(_again(row) for row in rows)


def try_again(*, id: UUID, actor: Actor, username: str = "") -> None:
    """Try a stuck movement again, with a user name for the new account when one is given.

    Raises NotFound, Invalid for an unfit user name, Conflict with the reason when it is still
    stuck.
    """
    row = _stuck(id, actor)
    wished = username.strip().lower()
    if wished and not _USERNAME.fullmatch(wished):
        say = "Tên đăng nhập có 3 đến 60 chữ thường không dấu, số, dấu chấm hoặc gạch."
        raise Invalid(
            code="personnel.username_unfit",
            what="Tên đăng nhập chưa dùng được.",
            mend="Hãy sửa tên đăng nhập rồi thử lại.",
            problems=(Problem(field="username", say=say),),
        )
    if not _again(row, username=wished, actor=actor):
        row.refresh_from_db()
        raise Conflict(
            code="personnel.still_stuck",
            what="Vẫn chưa thực hiện được.",
            why=row.trouble,
            mend="Việc này còn trong danh sách; hệ thống tự thử lại sau ít phút.",
        )


def give_code(*, official_id: UUID, actor: Actor) -> ActivationCode:
    """Return a code for the official's account that waits; it is shown once and kept nowhere.

    Raises NotFound, Conflict when the account is closed or was activated.
    """
    require_admin(actor)
    with transaction.atomic():
        row = Official.objects.select_for_update().filter(within(actor), pk=official_id).first()
        if row is None or row.account_id is None:
            raise NotFound(
                code="personnel.no_account",
                what="Không có tài khoản này trong phạm vi của ông/bà.",
                mend="Hãy tải lại danh sách.",
            )
        given = identity.give_activation_code(
            actor=actor, account_id=row.account_id, reason=f"Hồ sơ {row.code}"
        )
        row.code_given_at = clock.now()
        row.save(update_fields=["code_given_at"])
    return given


def retry_decision(*, id: UUID, actor: Actor) -> None:
    """Let a stuck decision be tried at once; raise NotFound when it is not stuck."""
    require_admin(actor)
    stuck = Decision.objects.filter(within(actor, agency="keeper_id"), pk=id, state="stuck")
    if not stuck.update(next_try_at=clock.now()):
        raise NotFound(
            code="personnel.decision_not_stuck",
            what="Quyết định này không còn vướng.",
            mend="Hãy tải lại danh sách.",
        )


def require_admin(actor: Actor) -> None:
    if "admin" not in actor.roles:
        raise NotAllowed(
            code="personnel.admins_only",
            what="Ông/bà không được quản lý tài khoản theo hồ sơ nhân sự.",
            why="Việc này dành cho quản trị viên của cơ quan.",
            mend="Hãy liên hệ quản trị viên của cơ quan.",
        )


def within(actor: Actor, *, agency: str = "agency_id", prefix: str = "") -> Q:
    """Return which officials are the administrator's: of their agency and those below it."""
    scope = actor.agency_scope | ({actor.agency_id} if actor.agency_id else set())
    return Q(**{f"{prefix}{agency}__in": scope}) | Q(**{f"{prefix}keeper_id__in": scope})


def _stuck(id: UUID, actor: Actor) -> Movement:
    require_admin(actor)
    rows = Movement.objects.filter(within(actor, prefix="official__"), pk=id, state="stuck")
    row = rows.select_related("official").first()
    if row is None:
        raise NotFound(
            code="personnel.nothing_stuck",
            what="Việc này không còn vướng.",
            mend="Hãy tải lại danh sách.",
        )
    return row


def _again(row: Movement, *, username: str = "", actor: Actor | None = None) -> bool:
    official = row.official
    file = registries.official_file(registry=official.registry, id=official.record_id)
    if file is None:
        row.delete()
        return True
    return settle(file, username=username, **({"actor": actor} if actor else {}))
