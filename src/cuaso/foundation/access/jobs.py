from typing import Final

from cuaso.foundation.access.logic import leases
from cuaso.kernel.actors import system

KEEPER: Final = system("Rà soát quyền có thời hạn")


def end_due() -> int:
    """Write down rights that have run out, end those that nobody looked at again; how many."""
    return leases.end_due(actor=KEEPER)
