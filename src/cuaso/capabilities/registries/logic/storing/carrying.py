"""Takes up the texts that a version carries: its drawing is deployed, its papers are tried."""

from cuaso.capabilities.registries.logic.printing.trial import require_printable
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.workflow import api as workflow
from cuaso.kernel.actors import Actor


def flow_key(built: Built) -> str:
    """Return the key under which the workflow engine knows the way of a registry's records."""
    return f"registry.{built.key}"


def take_up(built: Built, *, actor: Actor) -> None:
    """Make the drawing of a version run for records that begin from now on.

    Raises Invalid, with what is wrong, for a drawing that may not run or a paper that cannot be
    printed: the version then goes back to its draft.
    """
    require_printable(built.declared)
    way = built.declared.workflow
    if way is not None:
        workflow.deploy(key=flow_key(built), xml=way.drawing.encode(), actor=actor)
