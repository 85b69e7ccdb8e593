"""Where private keys lie: one interface, chosen by the environment."""

import os
from functools import cache
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from cuaso.capabilities.signing.contracts import ProviderStatus
from cuaso.capabilities.signing.logic import refusals, surroundings
from cuaso.capabilities.signing.logic.keyfile import KeyFiles
from cuaso.capabilities.signing.logic.mobile.keys import MobileKeys, mobile_service
from cuaso.capabilities.signing.logic.remote.keys import RemoteKeys, remote_service
from cuaso.capabilities.signing.logic.token import Token
from cuaso.kernel.errors import Refusal


class Provider(Protocol):
    """Makes ECDSA P-256 keys and signs with them; every failure is a Refusal."""

    name: str

    def status(self) -> ProviderStatus: ...

    def generate(self, *, label: str) -> ec.EllipticCurvePublicKey: ...

    def destroy(self, *, label: str) -> None: ...

    def sign(self, *, label: str, content: bytes) -> bytes:
        """Return the DER signature (ECDSA with SHA-256) over `content`."""
        ...


def current() -> Provider:
    """Return the provider of new keys: the token when one is configured, else key files."""
    return named("pkcs11" if surroundings.pkcs11_module() else "keyfile")


def named(name: str) -> Provider:
    """Return the provider that holds a key. Raises Unavailable when it is not configured."""
    if name == KeyFiles.name:
        return KeyFiles(folder=surroundings.keys_folder())
    if name == RemoteKeys.name:
        return RemoteKeys(service=remote_service())
    if name == MobileKeys.name:
        return MobileKeys(service=mobile_service())
    if not surroundings.pkcs11_module():
        raise refusals.token_gone("Chưa khai báo thiết bị ký số (CUASO_PKCS11_MODULE).")
    return _token(
        surroundings.pkcs11_module(),
        surroundings.pkcs11_token(),
        surroundings.pkcs11_pin_file(),
        os.getpid(),
    )


def provider_status() -> ProviderStatus:
    """Say whether keys can be used now; asks the token. Raises nothing."""
    try:
        return current().status()
    except Refusal as refusal:
        return ProviderStatus(
            name=KeyFiles.name, ready=False, demonstration=True, sentence=str(refusal)
        )


def production_findings() -> tuple[str, ...]:
    """Return what forbids production, one Vietnamese sentence each; empty when nothing does."""
    findings = []
    if not surroundings.pkcs11_module():
        findings.append(str(refusals.key_files_in_production()))
    if not surroundings.tsa_url():
        findings.append(str(refusals.no_timestamp_authority()))
    return tuple(findings)


@cache
def _token(module: str, label: str, pin_file: str, process: int) -> Token:  # noqa: ARG001 a fork has neither the session nor its thread
    return Token(module=module, label=label, pin_file=pin_file)
