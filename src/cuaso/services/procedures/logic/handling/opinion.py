from uuid import UUID

from django.db import transaction

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.models import Opinion


@viewing.shown
def give_opinion(*, id: UUID, text: str, actor: Actor) -> viewing.Acted:
    """Write a remark beside the dossier; it is kept for good and never shown to the applicant."""
    if not text.strip():
        raise Invalid(
            code="procedures.opinion_empty",
            what="Chưa ghi ý kiến.",
            mend="Hãy viết ý kiến rồi bấm Ghi.",
            problems=(Problem(field="text", say="Hãy viết ý kiến."),),
        )
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="comment")
        Opinion.objects.create(dossier=dossier, at=clock.now(), who=actor.name, text=text.strip())
        steps.finish_act(dossier, actor=actor, act="opinion_given", content={"text": text.strip()})
    return dossier, actor
