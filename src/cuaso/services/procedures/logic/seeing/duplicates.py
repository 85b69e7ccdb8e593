"""Other dossiers of the same matter: a warning to the officer, which never blocks."""

from datetime import timedelta

from cuaso.foundation.access import api as access
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.durations import Duration
from cuaso.services.procedures.act_contracts import DuplicateView
from cuaso.services.procedures.logic.matter import declared, rows
from cuaso.services.procedures.logic.matter.names import Names
from cuaso.services.procedures.logic.matter.status import NAMES, Status
from cuaso.services.procedures.models import Dossier
from cuaso.services.procedures.policies import DOSSIERS

WINDOW = "duplicate_window"
MOST = 5
NEVER_BEGAN = (Status.WITHDRAWN, Status.NOT_RECEIVED)
# Without a known person `subject_id` equals nothing; without a window nothing ended after it.
_TWINS = """
select d.id, d.dossier_code, d.tracking_code, d.title, d.status, d.agency_id, d.submitted_at,
  d.procedure_id, d.person_id, d.party_id, d.subject_id, d.received_agency_id, d.signing_agency_id
from procedures_dossier d join procedures_procedureversion v on v.id = d.procedure_id
where ((d.party_id = %(party)s and d.subject_name = %(name)s) or d.subject_id = %(subject)s)
  and v.code = %(code)s and d.id <> %(id)s and not d.status = any(%(never)s)
  and (d.finished_at is null or d.finished_at >= %(since)s)
order by d.submitted_at desc, d.id desc limit %(most)s
"""


def duplicates(dossier: Dossier, *, actor: Actor, names: Names) -> tuple[DuplicateView, ...]:
    """Return dossiers of the same procedure for the same party or person that are open, or ended
    within the declared window (in calendar days) before this one came; newest first.
    """
    found = _twins(dossier)
    if found:
        rows.know(found)
    return tuple(
        DuplicateView(
            id=twin.id,
            code=twin.dossier_code or twin.tracking_code,
            title=twin.title,
            status_say=NAMES[Status(twin.status)],
            agency_name=names.agency(twin.agency_id),
            submitted_at=twin.submitted_at,
            may_open=access.decide(actor=actor, act="view", record=twin, policy=DOSSIERS).allowed,
        )
        for twin in found
    )


def _twins(dossier: Dossier) -> list[Dossier]:
    rule = declared.law(dossier.procedure, on=clock.legal_date(dossier.submitted_at)).get(WINDOW)
    since = None
    if rule is not None:
        since = dossier.submitted_at - timedelta(days=Duration.parse(str(rule["value"])).amount)
    asked = {
        "id": dossier.id,
        "code": dossier.procedure.code,
        "party": dossier.party_id,
        "name": dossier.subject_name,
        "subject": dossier.subject_id,
        "never": [int(one) for one in NEVER_BEGAN],
        "since": since,
        "most": MOST,
    }
    found = list(Dossier.objects.raw(_TWINS, asked))
    for twin in found:
        twin.procedure = rows.version(twin.procedure_id)
    return found
