"""Time to open the house, and how many times a second it answers the plainest page."""

import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

from cuaso.wiring.running_house import RunningHouse

SECONDS = 5.0
CLIENTS = 4


def run(house: RunningHouse) -> dict[str, object]:
    """Return seconds to open, requests a second of /healthz, and its latency in milliseconds."""
    opened = next(line for line in house.said().splitlines() if line.startswith("Cửa Số đã mở"))
    until = time.perf_counter() + SECONDS
    with ThreadPoolExecutor(CLIENTS) as clients:
        asks = list(
            clients.map(lambda _: _ask_until(house.url + "/healthz", until), range(CLIENTS))
        )
    times = sorted(seconds for each in asks for seconds in each)
    return {
        "first_open_seconds": float(opened.split()[5]),
        "healthz_per_second": round(len(times) / SECONDS),
        "healthz_p50_ms": round(quantiles(times, n=100)[49] * 1000, 2),
        "healthz_p99_ms": round(quantiles(times, n=100)[98] * 1000, 2),
        "ready": _ready(house.url),
    }


def _ask_until(url: str, until: float) -> list[float]:
    """Ask again and again; return how long each answer took."""
    times = []
    while (began := time.perf_counter()) < until:
        urllib.request.urlopen(url, timeout=10).read()
        times.append(time.perf_counter() - began)
    return times


def _ready(url: str) -> bool:
    with urllib.request.urlopen(url + "/readyz", timeout=10) as answer:
        return bool(json.load(answer)["ready"])
