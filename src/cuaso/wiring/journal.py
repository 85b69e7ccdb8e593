"""One log file a process, JSON lines; a file that grows past its limit is put aside."""

import json
import threading
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import TextIO

from cuaso.kernel import clock

LIMIT_BYTES = 50_000_000


class Journal:
    """Append lines to one file; what is not JSON is wrapped so that every line is."""

    def __init__(self, *, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        self.path = folder / f"{name}.jsonl"
        self._name = name
        self._file: TextIO | None = None
        self._lock = threading.Lock()

    def lines(self, texts: Iterable[str]) -> None:
        """Write lines that a process printed."""
        written = [
            text if text.startswith("{") else self._wrap(event=text)
            for text in (one.rstrip("\r") for one in texts)
            if text
        ]
        if written:
            self._write("\n".join(written))

    def note(self, event: str, **facts: object) -> None:
        """Write what the supervisor itself has to say."""
        self._write(self._wrap(event=event, **facts))

    def tail(self, count: int) -> list[str]:
        """Return the last lines as people read them: the event of each."""
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
        return [_event(line) for line in lines]

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _wrap(self, **facts: object) -> str:
        moment = clock.now().astimezone(UTC).isoformat(timespec="milliseconds")
        record = {"timestamp": moment, "process": self._name, **facts}
        return json.dumps(record, ensure_ascii=False)

    def _write(self, line: str) -> None:
        with self._lock:
            file = self._file or self.path.open("a", encoding="utf-8")
            file.write(line + "\n")
            file.flush()
            self._file = file
            if file.tell() > LIMIT_BYTES:
                self.close()
                self.path.replace(self.path.with_suffix(".jsonl.1"))


def _event(line: str) -> str:
    try:
        record = json.loads(line)
    except ValueError:
        return line
    return str(record.get("event", line)) if isinstance(record, dict) else line
