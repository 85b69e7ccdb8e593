"""Publish a draft: from then on the version stands for ever."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary.element_models import ElementVersion
from cuaso.foundation.dictionary.logic.element_rights import SUBJECT, draft_of, require_publisher
from cuaso.foundation.dictionary.logic.versions import settle_ends
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject


def publish_version(*, id: UUID, actor: Actor) -> None:
    """Publish a draft; the version before it ends the day before its first.

    Refused: no such draft (NotFound), who may not publish, and the drafter's own (NotAllowed).
    """
    with transaction.atomic():
        draft = draft_of(id)
        require_publisher(actor, draft)
        ElementVersion.objects.filter(pk=draft.pk).update(
            published_at=clock.now(), publisher_name=actor.name
        )
        settle_ends(draft.element, {})
        about = Subject(kind=SUBJECT, id=draft.element_id)
        content = {
            "key": draft.element.key,
            "version": draft.number,
            "from": f"{draft.from_date}",
            "domain": draft.domain,
        }
        audit.record(
            actor=actor,
            act="dictionary.version_published",
            subject=about,
            content=content,
            reason=draft.reason,
        )
        audit.publish(topic="dictionary.version_published", subject=about, payload=content)
