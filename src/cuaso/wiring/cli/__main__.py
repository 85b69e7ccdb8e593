"""`python -m cuaso.wiring.cli VERB …`; people type `./cuaso VERB …`."""

import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import nullcontext
from types import FrameType, ModuleType

import django

from cuaso.kernel.errors import Refusal
from cuaso.wiring import database, places, presence
from cuaso.wiring.cli.spoken_parser import USAGE_ERROR, SpokenParser
from cuaso.wiring.cli.verbs import VERBS, Verb
from cuaso.wiring.words import complain, say

INTERRUPTED = 130


def main(words: Sequence[str]) -> int:
    """Run one verb and return the exit code."""
    if not words or words[0] in ("help", "-h", "--help"):
        print_verbs()
        return 0
    name, *rest = words
    verb = VERBS.get(name)
    if verb is None:
        say(f"✗ Không có lệnh “{name}”. Các lệnh có:")
        print_verbs()
        return USAGE_ERROR
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _run(name=name, verb=verb, words=rest)
    except Refusal as refusal:
        complain(refusal)
        return 1
    except KeyboardInterrupt:
        say("Đã dừng theo yêu cầu.")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 the last resort: a sentence, and the whole story in a file
        complain(_unforeseen(name=name, error=error))
        return 1


def _unforeseen(*, name: str, error: Exception) -> Refusal:
    """Note the traceback in a file and return what to say."""
    folder = places.logs()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"error-{name}.txt"
    path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return Refusal(
        code="cli.unforeseen",
        what=f"Lệnh “{name}” gặp lỗi không lường trước.",
        why=f"{type(error).__name__}: {error}",
        mend=f"Chi tiết ở {path}; hãy gửi tệp ấy cho người phát triển.",
    )


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 the signal's shape
    """Turn SIGTERM into what Ctrl-C is, so that the cluster is stopped on the way out."""
    raise KeyboardInterrupt


def print_verbs() -> None:
    say("Cửa Số — cách dùng: ./cuaso LỆNH [tùy chọn]")
    for name, verb in VERBS.items():
        say(f"  {name:<10} {verb.vietnamese}")
        say(f"  {'':<10} {verb.english}")
    say("Xem tùy chọn của một lệnh: ./cuaso LỆNH --help")


def _run(*, name: str, verb: Verb, words: Sequence[str]) -> int:
    asks_help = any(word in ("-h", "--help") for word in words)
    needs_database = verb.needs in ("database", "django") and not asks_help
    with database.opened() if needs_database else nullcontext() as opened:
        if opened is not None:
            os.environ["DATABASE_URL"] = opened.app_url
            os.environ["CUASO_OWNER_DATABASE_URL"] = opened.owner_url
            os.environ["CUASO_DUMP_DATABASE_URL"] = opened.dump_url
            for variable, address in presence.addresses().items():
                os.environ.setdefault(variable, address)
        if verb.needs in ("apps", "django"):
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cuaso.wiring.settings")
            django.setup()
        module = importlib.import_module(f"cuaso.wiring.cli.{verb.module}")
        return int(module.run(_parser(name=name, verb=verb, module=module).parse_args(words)))


def _parser(*, name: str, verb: Verb, module: ModuleType) -> SpokenParser:
    """Return what reads the words after a verb."""
    parser = SpokenParser(prog=f"./cuaso {name}", description=f"{verb.vietnamese}\n{verb.english}")
    module.arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
