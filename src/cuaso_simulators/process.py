"""Start a simulator as a process of its own and wait until it answers."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

PATIENCE_SECONDS = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running(
    module: str, *arguments: str, port: int, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Yield the address of `python -m module --port port …`; end it afterwards.

    Raises RuntimeError when it does not answer /healthz in time.
    """
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", module, "--port", str(port), *arguments]
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})})  # noqa: S603
    try:
        _wait(process, address)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{address}/healthz", timeout=1.0).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    message = f"{address} does not answer"
    raise RuntimeError(message)
