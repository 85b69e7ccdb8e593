"""Public look-up: whoever holds a code and a second fact learns the status, nothing personal."""

import secrets

from django.db.models import Q

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.errors import NotFound
from cuaso.services.procedures.contracts import LogLine, TrackView
from cuaso.services.procedures.logic.course import steps, timing
from cuaso.services.procedures.logic.matter.status import NAMES, PLAIN, PUBLIC, Status
from cuaso.services.procedures.logic.seeing import words
from cuaso.services.procedures.models import Dossier

DIGITS = 4


def track(*, code: str, second_fact: str) -> TrackView:
    """Return a dossier's status by tracking or legal code.

    `second_fact` is the last four digits of the applicant's personal number or telephone. A wrong
    code and a wrong fact are answered alike.
    """
    typed = code.strip().upper()
    dossier = (
        Dossier.objects.select_related("procedure")
        .filter(Q(tracking_code=typed) | Q(dossier_code=typed))
        .first()
    )
    if not _fits(dossier, second_fact) or dossier is None:
        raise NotFound(
            code="procedures.track_unknown",
            what="Không tìm thấy hồ sơ nào khớp.",
            why="Mã hồ sơ hoặc 4 số cuối không đúng.",
            mend="Mã nằm trên giấy hẹn và trong tin nhắn; "
            "4 số cuối là của số định danh hoặc số điện thoại người nộp.",
        )
    return view(dossier)


def _fits(dossier: Dossier | None, second_fact: str) -> bool:
    """Say whether the typed digits are the applicant's; a fact that is not known fits nothing."""
    typed = second_fact.strip()[-DIGITS:]
    if dossier is None or len(typed) != DIGITS or not typed.isdecimal():
        return False
    person = directory.person(dossier.person_id)
    as_number = secrets.compare_digest(typed.encode(), person.personal_number[-DIGITS:].encode())
    as_phone = secrets.compare_digest(typed.encode(), person.phone[-DIGITS:].encode())
    return as_number or as_phone


def view(dossier: Dossier) -> TrackView:
    """Return what is public about a dossier."""
    return TrackView(
        code=dossier.dossier_code or dossier.tracking_code,
        procedure_title=dossier.procedure.title,
        status_say=NAMES[Status(dossier.status)],
        plain_say=PUBLIC.get(Status(dossier.status)) or PLAIN[Status(dossier.status)],
        agency_name=directory.agency(dossier.agency_id).name,
        submitted_at=dossier.submitted_at,
        due=timing.view(dossier),
        log=tuple(_bare(dossier)),
    )


def _bare(dossier: Dossier) -> list[LogLine]:
    return [
        LogLine(at=entry.at, who="", say=words.SAID[entry.act])
        for entry in audit.history(steps.subject(dossier))
        if entry.act in words.SAID and entry.act not in words.INSIDE
    ]
