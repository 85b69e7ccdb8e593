"""Run: python -m cuaso_simulators.officials --port N --folder DIR."""

import argparse
import os
import signal
from pathlib import Path

from cuaso_simulators.loopback import Server
from cuaso_simulators.officials.book import Book
from cuaso_simulators.officials.service import Officials


def main() -> None:
    options = _options()
    service = Officials(
        book=Book(options.folder), secret=os.environ.get("CUASO_OFFICIALS_SECRET", "")
    )
    server = Server(port=options.port, service=service)
    service.mood = server.faults
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
    return parser.parse_args()


if __name__ == "__main__":
    main()
