"""What Prometheus is told."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import DatabaseError, connection
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

# With several processes serving pages, each writes here and any of them tells the sum.
SHARED = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
if SHARED:
    Path(SHARED).mkdir(parents=True, exist_ok=True)
REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "cuaso_requests", "Requests answered", ["method", "view", "status"], registry=REGISTRY
)
LATENCY = Histogram(
    "cuaso_request_seconds",
    "Time to answer a request",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)

# name, what it counts, and the query that gives (label, number) rows.
QUERIES = (
    (
        "cuaso_jobs",
        "Background jobs by status",
        "status",
        """select status::text, count(*) from procrastinate_jobs
        where status in ('todo', 'doing', 'failed') group by 1""",
    ),
    (
        "cuaso_outbox_waiting",
        "Events that some subscriber has not had yet, by topic",
        "topic",
        "select topic, count(*) from audit_event where settled_at is null group by 1",
    ),
    (
        "cuaso_outbox_lag_seconds",
        "Age of the oldest event that waits",
        "of",
        """select 'oldest', coalesce(extract(epoch from now() - min(published_at)), 0)
        from audit_event where settled_at is null""",
    ),
    (
        "cuaso_ledger_unsequenced",
        "Entries that no tree head covers yet",
        "of",
        "select 'entries', count(*) from audit_entry where leaf_index is null",
    ),
    (
        "cuaso_heartbeat_age_seconds",
        "Time since a process last said that it is alive",
        "process",
        "select process, extract(epoch from now() - beaten_at) from operations_heartbeat",
    ),
)


def observe_request(*, method: str, view: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    REQUESTS.labels(method=method, view=view, status=str(status)).inc()
    LATENCY.labels(view=view).observe(seconds)


def told() -> bytes:
    """Return all figures as Prometheus reads them, of every process that serves pages."""
    if not SHARED:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=SHARED)  # type: ignore[no-untyped-call]
    registry.register(DatabaseCollector())
    return generate_latest(registry)


class DatabaseCollector(Collector):
    """Figures that only the database knows, asked at each scrape; a failing query is left out."""

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        for name, meaning, label, query in QUERIES:
            family = GaugeMetricFamily(name, meaning, labels=[label])
            try:
                with connection.cursor() as cursor:
                    cursor.execute(query)
                    rows = cursor.fetchall()
            except DatabaseError:
                continue
            for key, number in rows:
                family.add_metric([str(key)], float(number))
            yield family


REGISTRY.register(DatabaseCollector())
