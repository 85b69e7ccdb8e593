"""Keys in SIM cards, as all other keys are asked: one signature, one PIN on the phone."""

import hashlib
import re
import time
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from cuaso.capabilities.signing.contracts import ProviderStatus
from cuaso.capabilities.signing.logic import refusals, surroundings
from cuaso.capabilities.signing.logic.mobile.service import Service
from cuaso.kernel.errors import Refusal

PAUSE_SECONDS = 0.5
NUMBER: Final = re.compile(r"\+84[35789]\d{8}")
LOCAL: Final = re.compile(r"0([35789]\d{8})")


class MobileKeys:
    """Each signature waits for the PIN on the phone whose number is the key's handle."""

    name = "mobile"

    def __init__(self, *, service: Service) -> None:
        self._service = service

    def status(self) -> ProviderStatus:
        """Say that the service is declared; without a number nothing can be asked of it."""
        try:
            mobile_service()
            sentence, ready = "Dịch vụ ký số qua SIM đã khai báo.", True
        except Refusal as refusal:
            sentence, ready = str(refusal), False
        return ProviderStatus(name=self.name, ready=ready, demonstration=False, sentence=sentence)

    def generate(self, *, label: str) -> ec.EllipticCurvePublicKey:
        del label
        raise refusals.keys_made_elsewhere()

    def destroy(self, *, label: str) -> None:
        """Keys end with their SIM."""

    def sign(self, *, label: str, content: bytes) -> bytes:
        digest = hashlib.sha256(content).digest()
        seconds = surroundings.mss_wait_seconds()
        transaction = self._service.ask(
            label,
            digest=digest,
            shown=f"Cửa Số: ký một văn bản, mã kiểm tra {control_code(digest)}",
            seconds=seconds,
        )
        until = time.monotonic() + seconds
        while (signature := self._service.signed(transaction)) is None:
            if time.monotonic() >= until:
                raise refusals.mobile_late()
            time.sleep(PAUSE_SECONDS)
        return signature


def mobile_service() -> Service:
    """Return the configured service. Raises Unavailable when there is none."""
    return Service(
        url=surroundings.mss_url(),
        application=surroundings.mss_application(),
        password=surroundings.mss_password(),
    )


def control_code(digest: bytes) -> str:
    """Return four digits by which a person knows on the phone what is signed on the screen."""
    return f"{int.from_bytes(digest[:4]) % 10_000:04d}"


def number_of(text: str) -> str:
    """Return a Vietnamese mobile number with +84. Raises Invalid for what is none."""
    bare = re.sub(r"[\s.\-]", "", text)
    if found := LOCAL.fullmatch(bare):
        return f"+84{found[1]}"
    if NUMBER.fullmatch(bare):
        return bare
    raise refusals.mobile_number_wrong(text)
