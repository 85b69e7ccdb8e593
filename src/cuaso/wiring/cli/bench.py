"""`./cuaso bench [NAME…]`: run bench/*.py against a house of their own, print one JSON."""

import argparse
import importlib.util
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from cuaso import __version__
from cuaso.kernel import clock
from cuaso.kernel.errors import NotFound
from cuaso.wiring import places, trial
from cuaso.wiring.running_house import RunningHouse, running_house
from cuaso.wiring.words import say

Report = dict[str, Any]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "names", nargs="*", metavar="TÊN", help="chỉ những phép đo này (tên tệp trong bench/)"
    )
    parser.add_argument("--to", type=Path, metavar="TỆP", help="ghi thêm kết quả vào tệp này")


def run(given: argparse.Namespace) -> int:
    """Print progress on the error stream and the JSON alone on standard output.

    A file holds what is measured so far after each part, also when a later one fails.
    """
    chosen = _chosen(given.names)
    report: Report = {"machine": _machine(), "product": __version__, "figures": {}}

    def keep() -> None:
        if given.to:
            given.to.write_text(_text(report) + "\n", encoding="utf-8")

    with trial.house(os.environ) as ready, running_house(ready) as house:
        for name, module in chosen.items():
            sys.stderr.write(f"• {name} …\n")
            figures: dict[str, object] = {}
            report["figures"][name] = figures
            measure(module, house, figures, keep=keep)
    say(_text(report))
    return 0


def measure(
    module: ModuleType, house: RunningHouse, figures: dict[str, object], *, keep: Callable[[], None]
) -> None:
    """Fill in what a measurement tells, all at once or part by part; keep it after each."""
    began = time.monotonic()
    told = module.run(house)
    for part in [told] if isinstance(told, Mapping) else told:
        figures |= {**part, "took_seconds": round(time.monotonic() - began, 1)}
        keep()


def _text(report: Report) -> str:
    return json.dumps(report, ensure_ascii=False, indent=2)


def _chosen(names: list[str]) -> dict[str, ModuleType]:
    folder = places.ROOT / "bench"
    known = {path.stem: path for path in sorted(folder.glob("*.py")) if path.stem != "__init__"}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise NotFound(
            code="bench.unknown",
            what=f"Không có phép đo “{unknown[0]}”.",
            mend=f"Các phép đo có: {', '.join(known)}.",
        )
    return {name: _load(known[name]) for name in names or known}


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise NotFound(code="bench.unreadable", what=f"Không đọc được {path}.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _machine() -> dict[str, object]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "measured_at": clock.now().isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load_before": [round(value, 2) for value in os.getloadavg()],
        "memory_gib": round(memory / 2**30, 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "temporary_folder_is_memory": Path(tempfile.gettempdir()).is_mount(),
    }
