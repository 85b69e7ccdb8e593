"""A person decides a difference: which side is right, and nothing else is written."""

from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import NationalFile, Source
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from cuaso.kernel.subjects import Subject
from cuaso.services.personnel.contracts import Choice
from cuaso.services.personnel.logic import tell
from cuaso.services.personnel.models import Difference, Message

CHOICES: Final = {
    "only_here": ("send_again",),
    "only_there": ("enter_here", "not_ours"),
    "other_value": ("keep_ours", "take_theirs"),
}


def decide(*, id: UUID, choice: Choice, reason: str, actor: Actor) -> None:
    """Settle an open difference as somebody who may change the registry decides.

    `take_theirs` writes the one field, with the national database as its source. Raises NotFound,
    NotAllowed, Invalid for no reason or a choice that the difference does not have, Conflict when
    our record changed since, or when the field is not changed by hand.
    """
    with transaction.atomic():
        row = Difference.objects.select_for_update().filter(pk=id, state="open").first()
        if row is None:
            raise NotFound(
                code="personnel.no_difference",
                what="Khác biệt này không còn để quyết định.",
                mend="Hãy tải lại danh sách.",
            )
        require_keeper(row.registry, actor)
        _require_sense(row, choice, reason)
        _carry_out(row, choice, reason=reason, actor=actor)
        row.state, row.decision, row.reason = "settled", choice, reason
        row.decided_by, row.settled_at = actor.name, clock.now()
        row.save()
        audit.record(
            actor=actor,
            act="personnel.difference_settled",
            subject=Subject(kind="personnel.difference", id=row.id),
            content={
                "file": row.code,
                "field": row.path,
                "choice": choice,
                "here": row.here,
                "there": row.there,
                "there_version": row.there_version,
            },
            reason=reason,
        )


def send_refused_again(*, id: UUID, actor: Actor) -> None:
    """Queue what the national database refused once more, as the record is now; raise NotFound."""
    with transaction.atomic():
        row = Message.objects.select_for_update().filter(pk=id, state="failed").first()
        if row is None:
            raise NotFound(
                code="personnel.nothing_refused",
                what="Không có lần gửi bị từ chối này.",
                mend="Hãy tải lại danh sách.",
            )
        require_keeper(row.registry, actor)
        file = registries.told(registry=row.registry, id=row.record_id) if row.record_id else None
        tell.queue(
            code=row.code,
            registry=row.registry,
            record_id=row.record_id,
            said=tell.values_of(file) if file and not file.gone else {},
            least_version=row.version + 1,
            withdrawn=file is None or file.gone,
            based_on=row.based_on if row.decided else None,
        )
        audit.record(
            actor=actor,
            act="personnel.sent_again",
            subject=Subject(kind="personnel.message", id=row.id),
            content={"file": row.code, "version": row.version},
        )


def require_keeper(registry: str, actor: Actor) -> None:
    """Raise NotAllowed unless the actor may change the records of the registry, all of them."""
    key = registry or next(iter(registries.told_registries()), "")
    if not key or not registries.keeps_whole(registry=key, actor=actor):
        raise NotAllowed(
            code="personnel.not_keeper",
            what="Ông/bà không được quyết định khác biệt này.",
            why="Việc này dành cho người được cập nhật sổ hồ sơ cán bộ.",
            mend="Hãy chuyển cho cơ quan chủ quản của sổ.",
        )


def _require_sense(row: Difference, choice: Choice, reason: str) -> None:
    problems = []
    if choice not in CHOICES[row.kind]:
        problems.append(Problem(field="choice", say="Hãy chọn một trong các cách được nêu."))
    if not reason.strip():
        problems.append(Problem(field="reason", say="Hãy ghi căn cứ của quyết định."))
    if problems:
        raise Invalid(
            code="personnel.decision_unfit",
            what="Chưa ghi được quyết định.",
            mend="Hãy sửa từng chỗ được nêu. Chưa có gì thay đổi.",
            problems=tuple(problems),
        )


def _carry_out(row: Difference, choice: Choice, *, reason: str, actor: Actor) -> None:
    if choice == "take_theirs":
        _take_theirs(row, reason=reason, actor=actor)
    elif choice in ("keep_ours", "send_again"):
        _send_ours(row, _file(row))
    elif choice == "not_ours":
        tell.queue(
            code=row.code,
            registry=row.registry,
            record_id=None,
            said={},
            least_version=row.there_version + 1,
            withdrawn=True,
            based_on=row.there_sha256,
        )


def _send_ours(row: Difference, file: NationalFile) -> None:
    """Send our record; fields on which nobody has decided yet stay as they are there."""
    others = Difference.objects.filter(code=row.code, kind="other_value", state="open")
    undecided = dict(others.exclude(pk=row.pk).values_list("path", "there"))
    tell.queue(
        code=row.code,
        registry=row.registry,
        record_id=row.record_id,
        said={**tell.values_of(file), **undecided},
        least_version=max(file.revision, row.there_version + 1),
        based_on=row.there_sha256,
    )


def _take_theirs(row: Difference, *, reason: str, actor: Actor) -> None:
    file = _file(row)
    if file.fields[row.path].value != row.here:
        raise Conflict(
            code="personnel.changed_since_compared",
            what="Hồ sơ đã đổi từ lúc đối soát.",
            why=f"Ô “{row.title}” nay ghi khác với lúc so sánh.",
            mend="Hãy chờ lần đối soát sau, hoặc đối soát lại ngay.",
        )
    registries.amend(
        registry=row.registry,
        id=file.id,
        values={f"record.{row.path}": row.there},
        actor=actor,
        reason=reason,
        source=Source(kind="national", id=f"{row.code}/{row.there_version}"),
    )
    if _file(row).fields[row.path].value != row.there:
        raise Conflict(
            code="personnel.not_by_hand",
            what=f"Ô “{row.title}” không ghi theo cơ sở dữ liệu quốc gia được.",
            why="Ô này đổi bằng quyết định hoặc một bước của sổ, hay ông/bà không được xem đủ.",
            mend="Hãy lập quyết định hoặc thực hiện bước tương ứng trong sổ.",
        )


def _file(row: Difference) -> NationalFile:
    id = row.record_id
    file = registries.told(registry=row.registry, id=id) if id is not None else None
    if file is None or file.gone:
        raise Conflict(
            code="personnel.file_gone",
            what="Hồ sơ này không còn trong sổ.",
            mend="Hãy chờ lần đối soát sau.",
        )
    return file
