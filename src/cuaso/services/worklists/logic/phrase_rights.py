"""Whose a phrase is, who may change it, and what the ledger keeps of it."""

from uuid import UUID

from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed, NotFound
from cuaso.kernel.subjects import Subject
from cuaso.services.worklists import models
from cuaso.services.worklists.logic.phrases import may_share_phrases, phrase_agencies

KIND = "worklists.phrase"


def owner_of(actor: Actor, *, shared: bool) -> dict[str, UUID]:
    """Return the column of the owner that the actor may write for; raise NotAllowed."""
    if actor.post_id is None:
        raise NotAllowed(
            code="worklists.phrase_officials_only",
            what="Chỉ cán bộ mới có mẫu câu.",
            mend="Hãy chọn tư cách cán bộ ở góc trên của trang.",
        )
    if not shared:
        return {"post_id": actor.post_id}
    if actor.agency_id is None or not may_share_phrases(actor=actor):
        raise leaders_only()
    return {"agency_id": actor.agency_id}


def sees(actor: Actor, row: models.Phrase) -> bool:
    """Say whether a phrase is the actor's own or of an agency whose phrases they see."""
    if row.agency_id is None:
        return actor.post_id is not None and row.post_id == actor.post_id
    return row.agency_id in phrase_agencies(actor)


def leaders_only() -> NotAllowed:
    """Return the refusal of an agency's phrase to who does not lead that agency."""
    return NotAllowed(
        code="worklists.phrase_leader_only",
        what="Chưa thực hiện được với mẫu câu của cơ quan.",
        why="Chỉ lãnh đạo của cơ quan mới sửa mẫu câu dùng chung.",
        mend="Hãy lưu thành mẫu câu của riêng mình, hoặc nhờ lãnh đạo cơ quan.",
    )


def note(row: models.Phrase, done: str, actor: Actor) -> None:
    """Put what befell an agency's phrase in the ledger: its officials write with it."""
    audit.record(
        actor=actor,
        act=f"worklists.phrase_{done}",
        subject=Subject(kind=KIND, id=row.id),
        content={"agency": row.agency_id, "name": row.name, "text": row.text, "for": row.act},
    )


def unknown() -> NotFound:
    """Return the refusal of a phrase that is not there for the actor."""
    return NotFound(
        code="worklists.phraseunknown",
        what="Không có mẫu câu này.",
        mend="Hãy tải lại trang mẫu câu rồi chọn lại.",
    )
