"""Guard the tables that engines declare policies for, for whoever reads by SQL."""

from django.utils.module_loading import import_string

from cuaso.capabilities.registries import api as registries
from cuaso.foundation.access import api as access

# Engines with a policy of their own; registries guard theirs, also when they publish one.
HOLDERS = (
    "cuaso.services.feedback.policies.COMPLAINTS",
    "cuaso.services.locker.policies.PAPERS",
    "cuaso.services.planning.policies.APPLICATIONS",
    "cuaso.services.procedures.policies.DOSSIERS",
)


def guard() -> int:
    """Guard the table of every policy, as the tables' owner; return how many."""
    for name in HOLDERS:
        import_string(name)
    return access.guard_all() + registries.guard_tables()
