"""Which phrases a post keeps, and which are offered for an act."""

from typing import Final
from uuid import UUID

from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.text import sort_key
from cuaso.services.worklists import models
from cuaso.services.worklists.contracts import Phrase

SUGGESTIONS = "opinion_phrase"
CENTRE = "one_stop_centre"
# A plain statement: every look at a dossier asks it.
_OWNED: Final = """
select id, post_id, agency_id, name, text, act from worklists_phrase
where post_id = %s or agency_id = any(%s)
"""


def phrases(*, actor: Actor) -> tuple[Phrase, ...]:
    """Return the phrases of the actor's post, then those of its agency, each by name.

    A one-stop centre also has those of the agency that it belongs to.
    """
    if actor.post_id is None:
        return ()
    owned = models.Phrase.objects.raw(_OWNED, [actor.post_id, list(phrase_agencies(actor))])
    found = [view(row, actor) for row in owned]
    return tuple(sorted(found, key=lambda one: (one.whose != "own", sort_key(one.name))))


def offered_phrases(*, act: str, actor: Actor) -> tuple[Phrase, ...]:
    """Return what may begin the text of an act: own phrases, the agency's, then suggestions.

    Those for `act` (one of `PHRASE_ACTS`) and those for any act; nothing to who has no post.
    """
    if actor.post_id is None:
        return ()
    return tuple(one for one in (*phrases(actor=actor), *_suggestions()) if one.act in (act, "any"))


def may_share_phrases(*, actor: Actor) -> bool:
    """Say whether the actor keeps the agency's phrases: a leader, in their own agency."""
    return actor.kind == "official" and actor.agency_id is not None and "leader" in actor.roles


def phrase_agencies(actor: Actor) -> tuple[UUID, ...]:
    """Return the agencies whose phrases the actor sees."""
    if actor.agency_id is None:
        return ()
    agency = directory.agency(actor.agency_id)
    if agency.kind == CENTRE and agency.parent_id is not None:
        return (agency.id, agency.parent_id)
    return (agency.id,)


def view(row: models.Phrase, actor: Actor) -> Phrase:
    shared = row.agency_id == actor.agency_id and may_share_phrases(actor=actor)
    return Phrase(
        key=str(row.id),
        id=row.id,
        whose="own" if row.post_id else "agency",
        name=row.name,
        name_en=row.name,
        text=row.text,
        act=row.act,
        may_change=row.post_id is not None or shared,
    )


def _suggestions() -> tuple[Phrase, ...]:
    """Return the product's own list; the first word of a code (`refuse_…`) is the act."""
    try:
        codes = dictionary.codes(SUGGESTIONS, clock.today())
    except NotFound:  # a house without the one-stop pack suggests nothing
        return ()
    return tuple(
        Phrase(
            key=one.code,
            id=None,
            whose="suggested",
            name=one.label,
            name_en=one.label_en or one.label,
            text=one.label,
            act=one.code.partition("_")[0],
        )
        for one in codes
    )
