"""The only door of operations."""

from cuaso.oversight.operations.logic.back_up import back_up
from cuaso.oversight.operations.logic.beat import beat, heartbeats
from cuaso.oversight.operations.logic.diagnose import diagnose
from cuaso.oversight.operations.logic.failed_jobs import failed_jobs, run_again
from cuaso.oversight.operations.logic.restore import prove, read_manifest, restore
from cuaso.oversight.operations.logic.sealing import Opener, Seal, opener, seal

__all__ = [
    "Opener",
    "Seal",
    "back_up",
    "beat",
    "diagnose",
    "failed_jobs",
    "heartbeats",
    "opener",
    "prove",
    "read_manifest",
    "restore",
    "run_again",
    "seal",
]
