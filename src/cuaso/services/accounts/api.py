"""The door of accounts: checked, told, handed over, forgotten."""

from cuaso.services.accounts.logic.check_registers import checks_of, want_check
from cuaso.services.accounts.logic.erase import erase, erasures_of, foresee
from cuaso.services.accounts.logic.export import export

__all__ = ["checks_of", "erase", "erasures_of", "export", "foresee", "want_check"]
