"""A draft is put forward, approved by somebody who did not write it, sent back, or given up."""

from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.logic.designing import impact, versions
from cuaso.capabilities.registries.logic.designing.shapes import DesignView
from cuaso.capabilities.registries.models import Version
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, Problem
from cuaso.kernel.subjects import Subject


def submit_design(*, id: UUID, reason: str, seen: str, actor: Actor) -> DesignView:
    """Put a draft forward, saying why; raise Conflict for one that could not be published."""
    _require_reason(reason)
    with transaction.atomic():
        version = _seen(id, seen, actor)
        versions.require_state(version, Version.State.DRAFT)
        _require_publishable(version)
        version.reason = reason.strip()
        _move(version, Version.State.WAITING, "submitted", actor=actor, reason=reason)
    return versions.shown(version, actor=actor)


def approve_design(*, id: UUID, seen: str, actor: Actor) -> DesignView:
    """Approve a version; the house then publishes it. Raise NotAllowed for one who wrote it, or
    who is no leader.
    """
    with transaction.atomic():
        version = _seen(id, seen, actor)
        versions.require_state(version, Version.State.WAITING)
        if not versions.approves(version, actor):
            raise NotAllowed(
                code="registries.approves_another",
                what="Chưa phê duyệt được bản sửa đổi này.",
                why="Bản sửa đổi do một lãnh đạo không tham gia soạn phê duyệt.",
                mend="Hãy chuyển cho một lãnh đạo khác của cơ quan chủ quản.",
            )
        _require_publishable(version)
        version.approved_by, version.approved_by_post_id = actor.name, actor.post_id
        version.approved_at = clock.now()
        _move(version, Version.State.APPROVED, "approved", actor=actor)
    return versions.shown(version, actor=actor)


def send_back_design(*, id: UUID, reason: str, actor: Actor) -> DesignView:
    """Send a version back to who wrote it, saying why."""
    _require_reason(reason)
    with transaction.atomic():
        version = versions.found(id, actor=actor, lock=True)
        versions.require_state(version, Version.State.WAITING)
        version.trouble = reason.strip()
        _move(version, Version.State.DRAFT, "sent_back", actor=actor, reason=reason)
    return versions.shown(version, actor=actor)


def drop_design(*, id: UUID, reason: str, actor: Actor) -> DesignView:
    """Give a version up, saying why; it stays in the list of versions."""
    _require_reason(reason)
    with transaction.atomic():
        version = versions.found(id, actor=actor, lock=True)
        versions.require_state(version, Version.State.DRAFT, Version.State.WAITING)
        version.trouble = reason.strip()
        _move(version, Version.State.DROPPED, "dropped", actor=actor, reason=reason)
    return versions.shown(version, actor=actor)


def _seen(id: UUID, seen: str, actor: Actor) -> Version:
    """Return the locked version when it is still what the actor read."""
    version = versions.found(id, actor=actor, lock=True)
    if versions.seen(version) != seen:
        raise Conflict(
            code="registries.draft_changed_meanwhile",
            what="Bản này vừa được sửa ở nơi khác.",
            why="Quyết định dựa trên một bản cũ.",
            mend="Hãy tải lại trang và đọc bản mới.",
        )
    return version


def _require_publishable(version: Version) -> None:
    foreseen = impact.foresee(version)
    if foreseen.blocked:
        raise Conflict(
            code="registries.cannot_publish",
            what="Bản sửa đổi này chưa ban hành được.",
            why=" ".join(one.say for one in foreseen.breaks if one.blocks),
            mend="Hãy xử lý những chỗ được nêu rồi trình lại.",
        )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(
            code="registries.reason_missing",
            what="Chưa ghi được việc này.",
            mend="Hãy ghi lý do rồi làm lại.",
            problems=(Problem(field="reason", say="Chưa ghi lý do."),),
        )


def _move(version: Version, state: str, act: str, *, actor: Actor, reason: str = "") -> None:
    version.state = state
    version.save()
    about = Subject(kind="registries.version", id=version.id)
    content = {
        "registry": version.registry.key,
        "version": version.number,
        "sum": version.fingerprint,
    }
    audit.record(
        actor=actor, act=f"registries.{act}", subject=about, content=content, reason=reason.strip()
    )
    audit.publish(topic=f"registries.{act}", subject=about, payload=content)
