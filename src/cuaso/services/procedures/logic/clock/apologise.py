"""Apologise by itself, once, to whoever waits longer than promised: agency by agency."""

from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.services.procedures.act_models import Apology
from cuaso.services.procedures.logic.course import steps, timing
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier

HOUSE = system("Cửa Số")
MOST_A_TURN = 200
REASON = "Hồ sơ quá hạn trả kết quả."

log = structlog.get_logger("cuaso.procedures")


def apologise_late() -> int:
    """Apologise to applicants whose dossiers are late and who heard no such apology yet; return
    how many.

    Each agency is a transaction of its own: what fails in one is logged and stops no other.
    Source: decree 61/2018/NĐ-CP, article 19; form 04 of circulars 01/2018 and 03/2025/TT-VPCP.
    """
    said = 0
    for agency_id in _late().order_by().values_list("agency_id", flat=True).distinct():
        try:
            said += _apologise_at(agency_id)
        except Exception:
            log.exception("apologies of an agency failed", agency_id=str(agency_id))
    return said


def _late() -> QuerySet[Dossier]:
    heard = Apology.objects.filter(dossier=OuterRef("pk"), due_at=None)
    running = Dossier.objects.filter(
        due_at__lt=clock.now(), finished_at=None, paused_at=None, received_at__isnull=False
    )
    return running.filter(~Exists(heard))


def _apologise_at(agency_id: UUID) -> int:
    with transaction.atomic():
        rows = _late().filter(agency_id=agency_id).select_related("procedure").order_by("due_at")
        found = list(rows.select_for_update(of=("self",), skip_locked=True)[:MOST_A_TURN])
        for dossier in found:
            _apologise(dossier)
    return len(found)


def _apologise(dossier: Dossier) -> None:
    was = dossier.due_at or clock.now()
    sentence = (
        f"{directory.agency(dossier.agency_id).name} xin lỗi ông/bà {dossier.applicant_name} vì "
        f"hồ sơ {dossier.dossier_code} đã quá hạn trả kết quả lúc {timing.say_moment(was)}."
    )
    Apology.objects.create(
        dossier=dossier,
        reason=REASON,
        sentence=sentence,
        was_due_at=was,
        said_by=HOUSE.name,
        said_at=clock.now(),
    )
    notify.applicant(dossier, template="apology")
    steps.finish_act(
        dossier,
        actor=HOUSE,
        act="apologised",
        content={"was_due_at": was.isoformat(), "sentence": sentence},
        reason=REASON,
    )
