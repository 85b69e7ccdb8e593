"""Run: python -m cuaso_simulators.payments --port N [--folder DIR] [--callback URL]."""

import argparse
import os
import signal
from pathlib import Path

from cuaso_simulators.loopback import Server
from cuaso_simulators.payments.book import Book
from cuaso_simulators.payments.callbacks import Callbacks
from cuaso_simulators.payments.service import Gateway


def main() -> None:
    options = _options()
    book = Book(folder=options.folder)
    callbacks = Callbacks(
        address=options.callback,
        secret=os.environ.get("CUASO_PAYMENTS_SECRET", ""),
        now=book.now,
        pause_seconds=options.callback_again_after,
    )
    service = Gateway(
        book=book,
        callbacks=callbacks,
        address=f"http://127.0.0.1:{options.port}",
        token=os.environ.get("CUASO_PAYMENTS_TOKEN", ""),
    )
    server = Server(port=options.port, service=service)
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
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--callback", default="", help="where payments are told")
    parser.add_argument("--callback-again-after", type=float, default=2.0, help="seconds")
    return parser.parse_args()


if __name__ == "__main__":
    main()
