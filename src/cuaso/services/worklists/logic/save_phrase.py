"""Keep a phrase: one's own, or by a leader the agency's."""

from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.text import nfc, one_line
from cuaso.services.worklists import models
from cuaso.services.worklists.contracts import (
    BLANKS,
    LONGEST_PHRASE,
    LONGEST_PHRASE_NAME,
    MOST_PHRASES,
    PHRASE_ACTS,
    Phrase,
)
from cuaso.services.worklists.logic.blanks import unknown_blanks
from cuaso.services.worklists.logic.phrase_rights import KIND, note, owner_of, unknown
from cuaso.services.worklists.logic.phrases import view


def save_phrase(
    *, name: str, text: str, act: str, actor: Actor, shared: bool = False, id: UUID | None = None
) -> Phrase:
    """Keep a new phrase, or with `id` change one; `shared` keeps it for the whole agency.

    A phrase keeps its owner when it changes: `shared` then says where it stands. Refused: who
    has no post; the agency's by who does not lead it; a name or text that is empty or long; an
    unknown act or blank; a name that another phrase of the same owner has; a fifty-first one.
    """
    owner = owner_of(actor, shared=shared)
    name, text = one_line(name), nfc(text).replace("\r\n", "\n").strip()
    _refuse_badly_written(name, text, act)
    with transaction.atomic():
        _one_at_a_time(owner)
        kept = models.Phrase.objects.filter(**owner)
        row = _fresh(kept, owner) if id is None else _standing(kept, id)
        if kept.filter(name=name).exclude(id=row.id).exists():
            raise _unfit(Problem(field="name", say="Tên này đã dùng cho một mẫu câu khác."))
        row.name, row.text, row.act, row.changed_at = name, text, act, clock.now()
        row.save()
        if shared:
            note(row, "saved", actor)
    return view(row, actor)


def _refuse_badly_written(name: str, text: str, act: str) -> None:
    problems = []
    if not 1 <= len(name) <= LONGEST_PHRASE_NAME:
        say = f"Hãy đặt tên từ 1 đến {LONGEST_PHRASE_NAME} ký tự."
        problems.append(Problem(field="name", say=say))
    if not 1 <= len(text) <= LONGEST_PHRASE:
        say = f"Hãy viết nội dung từ 1 đến {LONGEST_PHRASE} ký tự."
        problems.append(Problem(field="text", say=say))
    if odd := unknown_blanks(text):
        problems.append(Problem(field="text", say=_say_unknown(odd)))
    if act not in PHRASE_ACTS:
        problems.append(Problem(field="for_act", say="Hãy chọn việc dùng mẫu câu này."))
    if problems:
        raise _unfit(*problems)


def _say_unknown(odd: tuple[str, ...]) -> str:
    known = ", ".join(f"{{{blank}}}" for blank in BLANKS)
    return f"Hệ thống không điền được {', '.join(odd)}. Chỗ điền sẵn chỉ gồm: {known}."


def _one_at_a_time(owner: dict[str, UUID]) -> None:
    """Let savings of one owner wait for each other, so that the limit holds."""
    (owner_id,) = owner.values()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{KIND}:{owner_id}"])


def _fresh(kept: QuerySet[models.Phrase], owner: dict[str, UUID]) -> models.Phrase:
    if kept.count() >= MOST_PHRASES:
        raise Conflict(
            code="worklists.too_many_phrases",
            what=f"Đã có {MOST_PHRASES} mẫu câu, chưa lưu thêm được.",
            mend="Hãy bỏ bớt một mẫu câu cũ rồi lưu lại.",
        )
    return models.Phrase(**owner, made_at=clock.now())


def _standing(kept: QuerySet[models.Phrase], id: UUID) -> models.Phrase:
    row = kept.select_for_update().filter(id=id).first()
    if row is None:
        raise unknown()
    return row


def _unfit(*problems: Problem) -> Invalid:
    return Invalid(
        code="worklists.phrase_unfit",
        what="Chưa lưu được mẫu câu.",
        mend="Hãy sửa từng chỗ được nêu.",
        problems=problems,
    )
