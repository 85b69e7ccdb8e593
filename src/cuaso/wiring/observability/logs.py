"""Structured logs: one JSON object a line on standard output, with the trace id of the act."""

import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

QUIET = {"httpx": "WARNING", "pyhanko": "WARNING", "django.request": "ERROR"}


def _name_process(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    del logger, method
    event.setdefault("process", os.environ.get("CUASO_PROCESS", "cli"))
    return event


SHARED: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _name_process,
)


def configure(*, level: str = "INFO") -> None:
    """Send structlog and the standard library's logging through one JSON writer."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    writer = logging.StreamHandler(sys.stdout)
    writer.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=list(SHARED),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [writer]
    root.setLevel(level)
    for name, quieter in QUIET.items():
        logging.getLogger(name).setLevel(quieter)
