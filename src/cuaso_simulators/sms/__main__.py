"""Run: python -m cuaso_simulators.sms --port N --smtp-port M [--callback URL]."""

import argparse
import asyncio
import os
import signal
import threading

from cuaso_simulators.loopback import Server
from cuaso_simulators.sms.box import Box
from cuaso_simulators.sms.mailcatcher import serve
from cuaso_simulators.sms.receipts import Receipts
from cuaso_simulators.sms.service import Gateway


def main() -> None:
    options = _options()
    box = Box()
    receipts = Receipts(
        box=box,
        callback=options.callback,
        secret=os.environ.get("CUASO_SMS_SECRET", ""),
        pause_seconds=options.receipt_after,
    )
    gateway = Gateway(box=box, receipts=receipts, token=os.environ.get("CUASO_SMS_TOKEN", ""))
    server = Server(port=options.port, service=gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    signal.signal(signal.SIGTERM, _stop)
    try:
        asyncio.run(serve(port=options.smtp_port, box=box, faults=server.faults))
    except KeyboardInterrupt:
        server.shutdown()


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--callback", default="", help="where receipts go")
    parser.add_argument("--receipt-after", type=float, default=2.0, help="seconds")
    return parser.parse_args()


if __name__ == "__main__":
    main()
