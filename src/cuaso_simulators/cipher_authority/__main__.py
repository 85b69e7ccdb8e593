import argparse
import signal
import sys
import threading
from pathlib import Path

from cuaso_simulators.cipher_authority.server import Server


def main() -> None:
    words = argparse.ArgumentParser(prog="cuaso_simulators.cipher_authority")
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--folder", type=Path, required=True)
    told = words.parse_args()
    server = Server(port=told.port, folder=told.folder)
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the loop that this handler interrupts: another thread asks.
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    sys.stdout.write(f"Cơ quan chứng thực giả lập: http://127.0.0.1:{server.server_port}/\n")
    sys.stdout.flush()
    server.serve_forever()
    server.server_close()


main()
