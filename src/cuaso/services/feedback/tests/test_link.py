"""The signed link names one dossier and nothing else."""

from cuaso.kernel.identifiers import new_id
from cuaso.services.feedback.logic import link


def test_a_link_names_its_dossier_and_a_changed_one_names_nothing():
    dossier_id, other = new_id(), new_id()
    token = link.address(dossier_id).rstrip("/").rsplit("/", maxsplit=1)[1]
    assert link.dossier_of(token) == dossier_id
    _id, _sep, signature = token.partition(".")
    assert link.dossier_of(f"{other.hex}.{signature}") is None
    assert link.dossier_of(dossier_id.hex) is None
    assert link.dossier_of("") is None
