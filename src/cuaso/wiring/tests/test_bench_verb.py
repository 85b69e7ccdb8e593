"""Who measures reads what was measured so far, although a later part fails."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any, cast

import pytest

from cuaso.wiring.cli import bench
from cuaso.wiring.running_house import RunningHouse

HOUSE = cast("RunningHouse", None)


def measurement(run: Any) -> ModuleType:
    module = ModuleType("bench_made_up")
    module.run = run  # type: ignore[attr-defined] # what every measurement has
    return module


def test_a_measurement_told_at_once_is_kept_once_with_its_time() -> None:
    def at_once(_: RunningHouse) -> dict[str, object]:
        return {"what": "pages", "measured": 7}

    figures: dict[str, object] = {}
    kept: list[dict[str, object]] = []
    bench.measure(measurement(at_once), HOUSE, figures, keep=lambda: kept.append(dict(figures)))
    assert kept == [{"what": "pages", "measured": 7, "took_seconds": 0.0}]


def test_a_measurement_that_fails_at_its_last_part_leaves_those_before() -> None:
    def parts(_: RunningHouse) -> Iterator[dict[str, object]]:
        yield {"csv": 1}
        yield {"xlsx": 2}
        raise RuntimeError("no room left")

    figures: dict[str, object] = {}
    kept: list[dict[str, object]] = []
    with pytest.raises(RuntimeError, match="no room left"):
        bench.measure(measurement(parts), HOUSE, figures, keep=lambda: kept.append(dict(figures)))
    assert kept == [
        {"csv": 1, "took_seconds": 0.0},
        {"csv": 1, "xlsx": 2, "took_seconds": 0.0},
    ]
