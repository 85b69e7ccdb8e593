"""Run: python -m cuaso_simulators.mobile_signature --port N; CUASO_CIPHER_URL certifies keys."""

import argparse
import os
import signal
from pathlib import Path

from cuaso_simulators.loopback import Server
from cuaso_simulators.mobile_signature.service import MobileSignature


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--authority", default=os.environ.get("CUASO_CIPHER_URL", ""))
    words.add_argument("--folder", type=Path)
    told = words.parse_args()
    service = MobileSignature(
        authority=told.authority,
        password=os.environ.get("CUASO_MSS_AP_PASSWORD", ""),
        folder=told.folder,
    )
    server = Server(port=told.port, service=service)
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
