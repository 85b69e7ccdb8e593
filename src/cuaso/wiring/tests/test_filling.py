"""Invented records of a demonstration, and the registries that they leave alone."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.wiring.demonstration import filling


def test_a_registry_that_officials_set_up_gets_no_invented_records(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[str] = []

    def fill(*, key: str, **_given: object) -> dict[str, int]:
        filled.append(key)
        return {key: 3}

    settings.MODE = "demo"
    monkeypatch.setattr(filling, "_TRIED", set())
    monkeypatch.setattr(registries, "keys_in_order", lambda: ("local/ferry", "transport/bridge"))
    monkeypatch.setattr(registries, "fill_samples", fill)
    assert [filling.fill_next(), filling.fill_next()] == [3, 0]
    assert filled == ["transport/bridge"]
