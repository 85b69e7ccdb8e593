"""Other dossiers of the same matter: a warning to the officer, which never blocks."""

from datetime import timedelta

from django.db.models import Q, QuerySet

from cuaso.foundation.access import api as access
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.durations import Duration
from cuaso.services.procedures.act_contracts import DuplicateView
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.matter.names import Names
from cuaso.services.procedures.logic.matter.status import NAMES, Status
from cuaso.services.procedures.models import Dossier
from cuaso.services.procedures.policies import DOSSIERS

WINDOW = "duplicate_window"
MOST = 5
NEVER_BEGAN = (Status.WITHDRAWN, Status.NOT_RECEIVED)


def duplicates(dossier: Dossier, *, actor: Actor, names: Names) -> tuple[DuplicateView, ...]:
    """Return dossiers of the same procedure for the same party or person that are open, or ended
    within the declared window (in calendar days) before this one came; newest first.
    """
    found = list(_twins(dossier).order_by("-submitted_at", "-id")[:MOST])
    ids = [twin.id for twin in found]
    open_to = access.visible(
        actor=actor, act="view", queryset=Dossier.objects.filter(id__in=ids), policy=DOSSIERS
    )
    opened = set(open_to.values_list("id", flat=True)) if ids else set()
    return tuple(
        DuplicateView(
            id=twin.id,
            code=twin.dossier_code or twin.tracking_code,
            title=twin.title,
            status_say=NAMES[Status(twin.status)],
            agency_name=names.agency(twin.agency_id),
            submitted_at=twin.submitted_at,
            may_open=twin.id in opened,
        )
        for twin in found
    )


def _twins(dossier: Dossier) -> QuerySet[Dossier]:
    same = Q(party_id=dossier.party_id, subject_name=dossier.subject_name)
    if dossier.subject_id is not None:
        same |= Q(subject_id=dossier.subject_id)
    rows = Dossier.objects.filter(same, procedure__code=dossier.procedure.code)
    rows = rows.exclude(id=dossier.id).exclude(status__in=[int(one) for one in NEVER_BEGAN])
    rule = declared.law(dossier.procedure, on=clock.legal_date(dossier.submitted_at)).get(WINDOW)
    if rule is None:
        return rows.filter(finished_at=None)
    since = dossier.submitted_at - timedelta(days=Duration.parse(str(rule["value"])).amount)
    return rows.filter(Q(finished_at=None) | Q(finished_at__gte=since))
