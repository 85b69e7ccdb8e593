"""A process of its own that examines PDFs: a hostile one costs this process, not the house.

Speaks length-prefixed frames on its standard streams: a JSON question, the PDF; back, a JSON
verdict. Ends when its parent does, or after two idle minutes.
"""

import json
import resource
import select
import struct
import sys
from dataclasses import asdict
from datetime import datetime
from typing import BinaryIO

from cuaso.capabilities.signing.logic.examine import Question, examine

IDLE_SECONDS = 120.0
MOST_MEMORY_BYTES = 1536 * 1024 * 1024
PREFIX = struct.Struct(">Q")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while select.select([source], [], [], IDLE_SECONDS)[0]:
        head = _frame(source)
        if head is None:
            return
        asked = json.loads(head)
        asked["at"] = datetime.fromisoformat(asked["at"])
        verdict = examine(_frame(source) or b"", Question(**asked))
        answer = json.dumps(asdict(verdict), default=str, ensure_ascii=False).encode()
        sink.write(PREFIX.pack(len(answer)) + answer)
        sink.flush()


def _frame(source: BinaryIO) -> bytes | None:
    prefix = source.read(PREFIX.size)
    if len(prefix) < PREFIX.size:
        return None
    return source.read(PREFIX.unpack(prefix)[0])


if __name__ == "__main__":
    main()
