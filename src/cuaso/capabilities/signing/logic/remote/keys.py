"""Keys at a remote provider, as all other keys are asked: one signature, one consent."""

import hashlib
import time
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from cuaso.capabilities.signing.contracts import ProviderStatus
from cuaso.capabilities.signing.logic import refusals, surroundings
from cuaso.capabilities.signing.logic.remote.service import Service
from cuaso.kernel.errors import Refusal

PAUSE_SECONDS = 0.5


class RemoteKeys:
    """Each signature waits for the signer's consent on the phone; for many see `consent`."""

    name = "remote"

    def __init__(self, *, service: Service) -> None:
        self._service = service

    def status(self) -> ProviderStatus:
        try:
            count = len(self._service.credentials())
            sentence, ready = f"Dịch vụ ký số từ xa sẵn sàng, có {count} khóa.", True
        except Refusal as refusal:
            sentence, ready = str(refusal), False
        return ProviderStatus(name=self.name, ready=ready, demonstration=False, sentence=sentence)

    def generate(self, *, label: str) -> ec.EllipticCurvePublicKey:
        del label
        raise refusals.keys_made_elsewhere()

    def destroy(self, *, label: str) -> None:
        """Keys end at their provider."""

    def sign(self, *, label: str, content: bytes) -> bytes:
        digest = hashlib.sha256(content).digest()
        handle = self._service.ask(
            label,
            hashes=[digest],
            description="Ký một văn bản",
            documents=[{"title": "Văn bản trình ký", "sha256": digest.hex()}],
        )
        until = time.monotonic() + surroundings.csc_wait_seconds()
        while (activation := self._service.agreed(handle)) is None:
            if time.monotonic() >= until:
                raise refusals.remote_late()
            time.sleep(PAUSE_SECONDS)
        return self._service.sign(label, activation=activation, hashes=[digest])[0]


def phone_label(post_id: UUID) -> str:
    """Return the label of the key with which a post signs on its holder's phone."""
    return f"phone-{post_id}"


def remote_service() -> Service:
    """Return the configured provider. Raises Unavailable when there is none."""
    return Service(url=surroundings.csc_url(), token=surroundings.csc_token())
