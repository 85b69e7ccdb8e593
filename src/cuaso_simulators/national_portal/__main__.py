"""Run: python -m cuaso_simulators.national_portal --port N --folder DIR --province URL."""

import argparse
import os
import signal
from pathlib import Path

from cuaso_simulators.loopback import Server
from cuaso_simulators.national_portal.book import Book
from cuaso_simulators.national_portal.service import Portal

LIMIT_BYTES = 16 * 1024 * 1024


def main() -> None:
    options = _options()
    portal = Portal(
        book=Book(options.folder),
        secret=os.environ.get("CUASO_NATIONAL_SECRET", ""),
        province=options.province,
        address=f"http://127.0.0.1:{options.port}",
    )
    server = Server(port=options.port, service=portal, limit_bytes=LIMIT_BYTES)
    portal.mood = server.faults
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--province", default="", help="where dossiers are handed in")
    return parser.parse_args()


if __name__ == "__main__":
    main()
