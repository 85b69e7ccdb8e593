"""What the rarer acts left in a dossier, as its reader sees it."""

from cuaso.services.procedures import act_contracts as contracts
from cuaso.services.procedures.act_models import (
    Apology,
    CaseChange,
    Pause,
    ReplacedResult,
    Stop,
    Transfer,
)
from cuaso.services.procedures.logic.matter.names import Names
from cuaso.services.procedures.models import Dossier


def apologies(row: Dossier) -> tuple[contracts.ApologyView, ...]:
    """Return the apologies, extensions among them, oldest first."""
    return tuple(
        contracts.ApologyView(
            said_at=one.said_at,
            said_by=one.said_by,
            reason=one.reason,
            sentence=one.sentence,
            was_due_at=one.was_due_at,
            due_at=one.due_at,
        )
        for one in Apology.objects.filter(dossier=row).order_by("said_at", "id")
    )


def pauses(row: Dossier) -> tuple[contracts.PauseView, ...]:
    """Return the stretches in which the clock stood on a legal ground, oldest first."""
    return tuple(
        contracts.PauseView(
            ground_say=one.ground_say,
            source=one.source,
            document=one.document,
            paused_at=one.paused_at,
            paused_by=one.paused_by,
            resumed_at=one.resumed_at,
        )
        for one in Pause.objects.filter(dossier=row).order_by("paused_at", "id")
    )


def case_changes(row: Dossier) -> tuple[contracts.CaseChangeView, ...]:
    """Return the changes of the limit's case, oldest first."""
    return tuple(
        contracts.CaseChangeView(
            was_case=one.was_case,
            to_case=one.to_case,
            limit_say=one.limit_say,
            reason=one.reason,
            source=one.source,
            was_due_at=one.was_due_at,
            due_at=one.due_at,
            changed_by=one.changed_by,
            changed_at=one.changed_at,
        )
        for one in CaseChange.objects.filter(dossier=row).order_by("changed_at", "id")
    )


def stop(row: Dossier) -> contracts.StopView | None:
    """Return why the dossier was stopped, None when it was not."""
    one = Stop.objects.filter(dossier=row).first()
    if one is None:
        return None
    return contracts.StopView(
        ground_say=one.ground_say,
        source=one.source,
        reason=one.reason,
        stopped_at=one.stopped_at,
        stopped_by=one.stopped_by,
    )


def transfers(row: Dossier, names: Names) -> tuple[contracts.TransferView, ...]:
    """Return the dossier's ways between agencies, oldest first."""
    return tuple(
        contracts.TransferView(
            from_name=names.agency(one.from_agency_id),
            to_name=names.agency(one.to_agency_id),
            reason=one.reason,
            moved_at=one.moved_at,
            moved_by=one.moved_by,
            handed_back_at=one.handed_back_at,
            hand_back_reason=one.hand_back_reason,
        )
        for one in Transfer.objects.filter(dossier=row).order_by("moved_at", "id")
    )


def replaced(row: Dossier) -> tuple[contracts.ReplacedView, ...]:
    """Return the issued results that later ones correct, oldest first."""
    return tuple(
        contracts.ReplacedView(
            id=one.id,
            title=one.title,
            number=one.number,
            number_date=one.number_date,
            signer=one.signer,
            issued_at=one.issued_at,
            reason=one.reason,
            replaced_at=one.replaced_at,
            by_number=one.by_number,
        )
        for one in ReplacedResult.objects.filter(dossier=row).order_by("opened_at", "id")
    )
