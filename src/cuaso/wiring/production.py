"""Why production mode must not start: what is for demonstration, weak, or open to listeners.

Each function of engines.PRODUCTION_REFUSALS returns sentences; none means that it is content.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import django
from django.utils.module_loading import import_string

from cuaso.kernel.errors import Problem, Refusal, Unavailable
from cuaso.wiring import engines, environment
from cuaso.wiring.processes import OUTSIDE, PROCESSES
from cuaso.wiring.words import complain

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SHORTEST_KEY = 50


def refuse() -> None:
    """Raise Unavailable with every reason when this is production and something forbids it."""
    if environment.mode() != "production":
        return
    reasons = [
        Problem(field=name.rsplit(".", maxsplit=1)[1], say=sentence)
        for name in engines.PRODUCTION_REFUSALS
        for sentence in _ask(name)
    ]
    if reasons:
        raise Unavailable(
            code="production.refused",
            what="Không khởi động ở chế độ production.",
            why=f"Có {len(reasons)} điều chưa an toàn:",
            mend="Hãy sửa từng điều dưới đây rồi khởi động lại.",
            problems=tuple(reasons),
        )


def check_apart() -> None:
    """Ask `refuse` in a process of its own, before anything is served."""
    command = [sys.executable, "-m", "cuaso.wiring.production"]
    if subprocess.run(command, check=False).returncode:  # noqa: S603 our own interpreter
        raise Unavailable(code="production.refused", what="Chế độ production bị từ chối như trên.")


def simulators() -> list[str]:
    """Refuse an address of the outside world that is a simulator's default: loopback."""
    names = [name for each in PROCESSES if each.modes == OUTSIDE for name in each.tells]
    return [
        f"{name} chỉ tới {os.environ[name]}: đó là chương trình giả lập trên chính máy này."
        for name in names
        if _host(os.environ.get(name, "")) in LOOPBACK
    ]


def plain_http() -> list[str]:
    if environment.public_url().startswith("https://"):
        return []
    return [f"CUASO_PUBLIC_URL là {environment.public_url()}: phải là https://."]


def weak_keys() -> list[str]:
    """Refuse a session key that was generated for a first look, or is short."""
    given = os.environ.get("CUASO_SECRET_KEY", "")
    if len(given) < SHORTEST_KEY:
        return [f"CUASO_SECRET_KEY phải được đặt, ít nhất {SHORTEST_KEY} ký tự ngẫu nhiên."]
    return []


def _host(address: str) -> str:
    """Return the host of a URL, or of `host:port`."""
    return (urlsplit(address).hostname if "//" in address else address.partition(":")[0]) or ""


def _ask(name: str) -> Sequence[str]:
    function: Callable[[], Sequence[str]] = import_string(name)
    return function()


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cuaso.wiring.settings")
    django.setup()
    try:
        refuse()
    except Refusal as refusal:
        complain(refusal)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
