"""How long what was removed can be brought back."""

from datetime import date, datetime

from cuaso.capabilities.registries.logic.storing import sets, terms


def bin_term(*, registry: str) -> str:
    """Return how long removed records rest in the bin, in words; raise NotFound."""
    return str(terms.bin_term(sets.built(registry).declared))


def rests_until(*, registry: str, since: datetime) -> date:
    """Return the last day on which a record that went into the bin at a moment can be brought
    back; raise NotFound.
    """
    return terms.last_day(since, terms.bin_term(sets.built(registry).declared))
