"""The last words of `./cuaso up`: where to go and as whom."""

from pathlib import Path

from cuaso.wiring import engines, environment, places
from cuaso.wiring.processes import PROCESSES, SIM_PIN
from cuaso.wiring.words import say


def greet(*, seconds: float) -> None:
    """Say the addresses and, outside production, the demonstration accounts."""
    url = environment.public_url()
    say()
    say(f"Cửa Số đã mở sau {seconds:.1f} giây.")
    for title, path in engines.ADDRESSES:
        say(f"  {title:<28} {url}{path}")
    say(f"  {'Nhật ký (logs)':<28} {places.logs()}")
    if environment.mode() != "production":
        _greet_demonstration()
    say("Dừng: Ctrl-C (stop: Ctrl-C)")


def _greet_demonstration() -> None:
    say()
    say("CHẾ ĐỘ TRÌNH DIỄN — người và hồ sơ đều là hư cấu (demonstration, invented people).")
    path = accounts_path()
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        say(f"  {line}")
    phone, sim = _address("remote_signing"), _address("mobile_signature")
    say(f"  Điện thoại ký số của lanhdao.quynhon (giả lập): {phone}")
    say(f"  SIM ký số của lanhdao.quynhon (giả lập, mã PIN {SIM_PIN}): {sim}")


def _address(name: str) -> str:
    offset = next(one.port or 0 for one in PROCESSES if one.name == name)
    return f"http://localhost:{places.port() + offset}/"


def accounts_path() -> Path:
    """Return the file in which the installation notes the demonstration accounts."""
    return places.var() / "demonstration-accounts.txt"
