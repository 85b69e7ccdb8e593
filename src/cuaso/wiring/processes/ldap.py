"""The LDAP process: slapd, the answers to its binds, and what it is told."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

import django
import structlog
from django.utils.module_loading import import_string

from cuaso.kernel.errors import Refusal
from cuaso.wiring import production
from cuaso.wiring.observability import logs
from cuaso.wiring.words import complain

SERVE = "cuaso.capabilities.provisioning.api.serve_ldap"
log = structlog.get_logger("cuaso.ldap")


def main() -> int:
    """Run until SIGTERM or SIGINT; CUASO_LDAP_HOST is where slapd listens, loopback without it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cuaso.wiring.settings")
    os.environ.setdefault("CUASO_PROCESS", "ldap")
    given = _given()
    logs.configure()
    django.setup()
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    host = os.environ.get("CUASO_LDAP_HOST", "127.0.0.1")
    try:
        production.refuse()
        # The engine needs Django up before it is imported.
        import_string(SERVE)(
            folder=given.folder, port=given.port, tls_port=given.tls_port, host=host, end=end
        )
    except Refusal as refusal:
        complain(refusal)
        return 1
    log.info("LDAP stopped")
    return 0


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tls-port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
