"""Initials on a draft that is drawn anew over another signer's name: carried with a proof.

Who initials answers for content and form (decree 30/2020/NĐ-CP, article 12), not for who signs.
"""

from dataclasses import dataclass

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Entry
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.sheets import render
from cuaso.services.procedures.models import Dossier, Result

# Whatever comes after these is another draft than the one that was initialled.
_ANEW = frozenset({"procedures.proposed", "procedures.returned", "procedures.draft_edited"})


@dataclass(frozen=True, kw_only=True)
class Carried:
    """The initials that a paper stands on which does not bear them itself."""

    entry: Entry
    content_sha256: str

    def as_content(self) -> dict[str, object]:
        """Return the proof as the ledger keeps it beside the signature's act."""
        return {
            "initials": {
                "entry": str(self.entry.id),
                "by": self.entry.actor_name,
                "sha256": self.entry.content.get("sha256"),
                "content_sha256": self.content_sha256,
            }
        }

    def __str__(self) -> str:
        moment = self.entry.at.astimezone(clock.VIETNAM)
        return (
            f"Bản ký được in lại dưới tên người ký, nội dung giữ nguyên như dự thảo mà "
            f"{self.entry.actor_name} đã ký nháy lúc {moment:%H:%M ngày %d/%m/%Y}; dự thảo có chữ "
            "ký nháy được lưu trong hồ sơ."
        )


def carried(dossier: Dossier, result: Result) -> Carried | None:
    """Return the initials on the draft that stands, None when nobody has initialled it.

    Raises Conflict when the paper would not say any more what was initialled.
    """
    entry = _last_initials(dossier)
    if entry is None:
        return None
    now = render.content_digest(dossier, result)
    if entry.content.get("content_sha256", now) != now:
        raise _says_other()
    return Carried(entry=entry, content_sha256=now)


def require_holding(dossier: Dossier, result: Result) -> None:
    """Check the initials themselves before a paper is drawn that rests on them; Conflict when they
    do not hold, or when the paper would say something else. Never inside a transaction.
    """
    found = carried(dossier, result)
    if found is None:
        return
    if files.info(result.draft_file_id).sha256 != found.entry.content.get("sha256"):
        raise _says_other()
    verdict = signing.verify(files.read_clean(result.draft_file_id))
    if not verdict.ok or not all(one.initials for one in verdict.signatures):
        raise _broken(verdict.sentence)


def _last_initials(dossier: Dossier) -> Entry | None:
    for entry in reversed(audit.history(steps.subject(dossier))):
        if entry.act == "procedures.endorsed":
            return entry
        if entry.act in _ANEW:
            return None
    return None


def _says_other() -> Conflict:
    return Conflict(
        code="procedures.initials_of_other_text",
        what="Chưa ký được vì nội dung nay khác bản dự thảo đã ký nháy.",
        why="Thông tin của hồ sơ hoặc tên cơ quan đã thay đổi sau khi ký nháy.",
        mend="Hãy trả lại để lập dự thảo mới và trình ký nháy lại.",
    )


def _broken(why: str) -> Conflict:
    return Conflict(
        code="procedures.initials_broken",
        what="Chưa ký được vì chữ ký nháy trên dự thảo không còn giá trị.",
        why=why,
        mend="Hãy trả lại để lập dự thảo mới và trình ký nháy lại.",
    )
