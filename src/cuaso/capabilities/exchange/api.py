"""The only door of the exchange: one namespace a port."""

from cuaso.capabilities.exchange.logic import population
from cuaso.capabilities.exchange.logic.population import retry_due

__all__ = ["population", "retry_due"]
