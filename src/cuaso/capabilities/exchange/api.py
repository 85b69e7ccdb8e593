"""The only door of the exchange: one namespace a port."""

from cuaso.capabilities.exchange.logic import businesses, peers, population
from cuaso.capabilities.exchange.logic.population import retry_due

__all__ = ["businesses", "peers", "population", "retry_due"]
