"""The only door of the workflow engine."""

from cuaso.capabilities.workflow.logic.cancel import cancel
from cuaso.capabilities.workflow.logic.check import check
from cuaso.capabilities.workflow.logic.complete import complete
from cuaso.capabilities.workflow.logic.deploy import deploy
from cuaso.capabilities.workflow.logic.draw import drawing, picture
from cuaso.capabilities.workflow.logic.fire import run_due
from cuaso.capabilities.workflow.logic.flows import flows, xml_of
from cuaso.capabilities.workflow.logic.show import instance, instances_about, steps, task
from cuaso.capabilities.workflow.logic.signal import signal
from cuaso.capabilities.workflow.logic.start import start
from cuaso.capabilities.workflow.logic.troubles import troubles

__all__ = [
    "cancel",
    "check",
    "complete",
    "deploy",
    "drawing",
    "flows",
    "instance",
    "instances_about",
    "picture",
    "run_due",
    "signal",
    "start",
    "steps",
    "task",
    "troubles",
    "xml_of",
]
