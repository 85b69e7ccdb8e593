"""Files that a person has sent and that are not theirs alone any more."""

from uuid import UUID

from cuaso.capabilities.registries import api as registries
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures


def named(actor: Actor, *, person_id: UUID) -> frozenset[UUID]:
    """Return which files of a person a dossier, a paper or a registry still names: also a dossier
    of somebody for whom the person acted, and a record that the person wrote as an official.
    """
    sent = frozenset(one.id for one in files.owned(person_id))
    kept = sent & {one.file_id for one in locker.papers(actor=actor)}
    return kept | procedures.named_files(sent) | registries.named_files(sent)
