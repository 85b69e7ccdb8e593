"""The real simulator on a socket, and what a person and a bank do there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from cuaso.capabilities.payments.tests.catcher import Call, Catcher, catching
from cuaso_simulators.process import free_port, running

SECRET = "bi-mat-cua-cong-thanh-toan"
TOKEN = "the-cua-cong"


@dataclass(frozen=True, kw_only=True)
class Gateway:
    address: str
    catcher: Catcher

    def fault(self, mode: str) -> None:
        self._say("faults", {"mode": mode})

    def callbacks(self, mode: str, delay_seconds: float = 0) -> None:
        self._say("callbacks", {"mode": mode, "delay_seconds": delay_seconds})

    def hold_clock(self, at: str) -> None:
        self._say("clock", {"at": at})

    def forget(self) -> None:
        """Begin with an empty book."""
        self._say("forget", {})

    def press_pay(self, url: str, **other: str) -> httpx.Response:
        """Press “Thanh toán” on the gateway's page; `amount_vnd` pays another amount."""
        shown = httpx.get(url)
        assert "Thanh toán" in shown.text
        return httpx.post(url, data={"answer": "pay", **other})

    def transfer(self, reference: str, amount_vnd: int) -> None:
        """Transfer as from a bank's app that read the VietQR code."""
        words = {"reference": reference, "amount_vnd": str(amount_vnd)}
        assert httpx.post(f"{self.address}/transfers", data=words).status_code == 303

    def call(self) -> Call:
        return self.catcher.next()

    def returned_vnd(self) -> list[str]:
        """Return what the gateway's page says was given back."""
        text = httpx.get(f"{self.address}/").text
        return [part.split("<")[0] for part in text.split("đã hoàn ")[1:]]

    def _say(self, path: str, body: dict[str, object]) -> None:
        httpx.post(f"{self.address}/{path}", json=body).raise_for_status()


@contextmanager
def running_gateway() -> Iterator[Gateway]:
    """Yield the simulator; its callbacks go to a catcher."""
    secrets = {"CUASO_PAYMENTS_SECRET": SECRET, "CUASO_PAYMENTS_TOKEN": TOKEN}
    with (
        catching() as catcher,
        running(
            *("cuaso_simulators.payments", "--callback", catcher.address),
            port=free_port(),
            environment=secrets,
        ) as address,
    ):
        yield Gateway(address=address, catcher=catcher)


def at_ease(gateway: Gateway) -> None:
    """Make the gateway well again, its clock run, and forget what it called."""
    gateway.fault("ok")
    gateway.callbacks("ok")
    gateway.hold_clock("")
    gateway.forget()
    gateway.catcher.drop_all()
