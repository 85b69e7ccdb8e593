"""Run: python -m cuaso_simulators.remote_signing --port N; CUASO_CIPHER_URL certifies its keys."""

import argparse
import os
import signal
from pathlib import Path

from cuaso_simulators.loopback import Server
from cuaso_simulators.remote_signing.service import RemoteSigning

LIMIT_BYTES = 64 * 1024 * 1024  # two hundred documents with their pictures


def main() -> None:
    options = _options()
    service = RemoteSigning(
        authority=options.authority,
        token=os.environ.get("CUASO_CSC_TOKEN", ""),
        folder=options.folder,
    )
    server = Server(port=options.port, service=service, limit_bytes=LIMIT_BYTES)
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
    parser.add_argument("--authority", default=os.environ.get("CUASO_CIPHER_URL", ""))
    parser.add_argument("--folder", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
