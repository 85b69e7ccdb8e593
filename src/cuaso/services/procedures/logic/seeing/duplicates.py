"""Other dossiers of the same matter: a warning to the officer, which never blocks."""

from datetime import timedelta
from uuid import UUID

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.durations import Duration
from cuaso.services.procedures.act_contracts import DuplicateView
from cuaso.services.procedures.logic.matter import declared, rows
from cuaso.services.procedures.logic.matter.names import Names
from cuaso.services.procedures.logic.matter.status import NAMES, Status
from cuaso.services.procedures.models import Dossier

WINDOW = "duplicate_window"
NEVER_BEGAN = (Status.WITHDRAWN, Status.NOT_RECEIVED)
# Without a known person `subject_id` equals nothing; without a window nothing ended after it.
_TWINS = """
select d.id from procedures_dossier d join procedures_procedureversion v on v.id = d.procedure_id
where ((d.party_id = %s and d.subject_name = %s) or d.subject_id = %s)
  and v.code = %s and d.id <> %s and not d.status = any(%s)
  and (d.finished_at is null or d.finished_at >= %s)
order by d.submitted_at desc, d.id desc limit 5
"""


def duplicates(dossier: Dossier, *, actor: Actor, names: Names) -> tuple[DuplicateView, ...]:
    """Return dossiers of the same procedure for the same party or person that are open, or ended
    within the declared window (in calendar days) before this one came; newest first.
    """
    found = rows.listed(_twins(dossier))
    if not found:
        return ()
    allows = rows.sieve(actor=actor, act="view")
    return tuple(_view(twin, names, may_open=allows(twin)) for twin in found)


def _view(twin: rows.Listed, names: Names, *, may_open: bool) -> DuplicateView:
    row = twin.dossier
    return DuplicateView(
        id=row.id,
        code=row.dossier_code or row.tracking_code,
        title=row.title,
        status_say=NAMES[Status(row.status)],
        agency_name=names.agency(row.agency_id),
        submitted_at=row.submitted_at,
        may_open=may_open,
    )


def _twins(dossier: Dossier) -> list[UUID]:
    rule = declared.law(dossier.procedure, on=clock.legal_date(dossier.submitted_at)).get(WINDOW)
    since = None
    if rule is not None:
        since = dossier.submitted_at - timedelta(days=Duration.parse(str(rule["value"])).amount)
    whose = (dossier.party_id, dossier.subject_name, dossier.subject_id)
    never = [int(one) for one in NEVER_BEGAN]
    with audit.planned() as cursor:
        cursor.execute(_TWINS, [*whose, dossier.procedure.code, dossier.id, never, since])
        return [id for (id,) in cursor.fetchall()]
