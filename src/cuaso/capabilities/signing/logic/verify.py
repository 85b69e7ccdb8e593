"""Check a signed PDF from anywhere: bounded in size, time and memory."""

import atexit
import base64
import json
import os
import select
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

from cuaso.capabilities.signing.contracts import SignatureVerdict, Verdict
from cuaso.capabilities.signing.logic.examine import Question
from cuaso.capabilities.signing.logic.examiner import PREFIX
from cuaso.capabilities.signing.logic.keys import revocations
from cuaso.capabilities.signing.logic.lasting.answers import known_revoked, lists_in_force
from cuaso.capabilities.signing.logic.trust import trust_roots
from cuaso.kernel import clock
from cuaso.kernel.errors import Unavailable

MOST_BYTES = 30 * 1024 * 1024
SECONDS = 15.0
PIECE = 64 * 1024


def verify(pdf: bytes) -> Verdict:
    """Return who signed the PDF, with what authority, when, and whether it still holds.

    Raises Unavailable when too many checks wait at once; for any bytes it returns a Verdict.
    """
    if len(pdf) > MOST_BYTES:
        return Verdict(ok=False, sentence="Tệp lớn hơn 30 MB nên không kiểm tra chữ ký được.")
    roots = trust_roots()
    question = Question(
        signature_roots=[one.certificate_pem for one in roots if one.purpose != "timestamp"],
        timestamp_roots=[one.certificate_pem for one in roots if one.purpose != "signature"],
        revoked={**known_revoked(), **revocations()},
        at=clock.now(),
        lists=[base64.b64encode(one).decode() for one in lists_in_force()],
    )
    return _examiner(os.getpid()).ask(question, pdf)


class Examiner:
    """Keeps one examining process warm (it starts in a second), replaces it when it fails."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, question: Question, pdf: bytes) -> Verdict:
        if not self._turn.acquire(timeout=self._seconds):
            raise Unavailable(
                code="signing.verify_busy",
                what="Đang có nhiều văn bản chờ kiểm tra chữ ký.",
                mend="Hãy thử lại sau ít phút.",
            )
        try:
            return self._ask(_request(question, pdf))
        finally:
            self._turn.release()

    def close(self) -> None:
        """End the process; the next question starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _ask(self, request: bytes) -> Verdict:
        for _try in range(2):  # the process may have just gone to rest
            process = self._process or _start()
            self._process = process
            try:
                return _verdict(_exchange(process, request, time.monotonic() + self._seconds))
            except TimeoutError:
                self.close()
                return Verdict(
                    ok=False, sentence="Không kiểm tra được văn bản này trong thời gian cho phép."
                )
            except (EOFError, OSError, ValueError):
                self.close()
        return Verdict(ok=False, sentence="Văn bản này làm bộ kiểm tra dừng lại; không nên tin nó.")


def _start() -> subprocess.Popen[bytes]:
    # S603: our own module, no word from outside.
    return subprocess.Popen(
        [sys.executable, "-m", "cuaso.capabilities.signing.logic.examiner"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ.get("PATH", "")},
    )


def _request(question: Question, pdf: bytes) -> bytes:
    head = json.dumps(asdict(question), default=str).encode()
    return PREFIX.pack(len(head)) + head + PREFIX.pack(len(pdf)) + pdf


def _exchange(process: subprocess.Popen[bytes], request: bytes, until: float) -> bytes:
    """Write the request and read one frame, both before `until`."""
    if process.stdin is None or process.stdout is None:
        raise EOFError
    inward, outward = process.stdin.fileno(), process.stdout.fileno()
    os.set_blocking(inward, False)
    poll = select.poll()
    poll.register(outward, select.POLLIN)
    poll.register(inward, select.POLLOUT)
    left, answer = memoryview(request), bytearray()
    while (wait := until - time.monotonic()) > 0:
        for descriptor, _event in poll.poll(wait * 1000):
            if descriptor == inward:
                left = left[os.write(inward, left[:PIECE]) :]
                if not left:
                    poll.unregister(inward)
            else:
                answer += _read(outward)
        if _is_whole(answer):
            return bytes(answer[PREFIX.size :])
    raise TimeoutError


def _read(descriptor: int) -> bytes:
    if not (piece := os.read(descriptor, PIECE)):
        raise EOFError
    return piece


def _is_whole(answer: bytearray) -> bool:
    return len(answer) >= PREFIX.size and len(answer) >= PREFIX.size + PREFIX.unpack_from(answer)[0]


def _verdict(answer: bytes) -> Verdict:
    told = json.loads(answer)
    return Verdict(
        ok=told["ok"],
        sentence=told["sentence"],
        signatures=tuple(_signature(one) for one in told["signatures"]),
        fields=told["fields"],
    )


def _signature(told: dict[str, Any]) -> SignatureVerdict:
    moments = {
        name: datetime.fromisoformat(told[name]) if told[name] else None
        for name in ("signed_at", "revoked_at")
    }
    lists = {name: tuple(told[name]) for name in ("chain", "weak")}
    return SignatureVerdict(**{**told, **moments, **lists})


@cache
def _examiner(process: int) -> Examiner:  # noqa: ARG001 a fork must not share its parent's pipes
    examiner = Examiner()
    atexit.register(examiner.close)
    return examiner
