"""Keys in encrypted files: for demonstration and tests only."""

import os
import re
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cuaso.capabilities.signing.contracts import ProviderStatus
from cuaso.capabilities.signing.logic import refusals, surroundings

LABEL = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


class KeyFiles:
    """One PKCS#8 file a key under `folder`, encrypted with the folder's passphrase file."""

    name = "keyfile"

    def __init__(self, *, folder: Path) -> None:
        if surroundings.is_production():
            raise refusals.key_files_in_production()
        self.folder = folder

    def status(self) -> ProviderStatus:
        return ProviderStatus(
            name=self.name,
            ready=True,
            demonstration=True,
            sentence="Khóa ký lưu trong tệp mã hóa, chỉ dùng để trình diễn.",
        )

    def generate(self, *, label: str) -> ec.EllipticCurvePublicKey:
        key = ec.generate_private_key(ec.SECP256R1())
        write_new(self._path(label), encrypt(key, passphrase(self.folder)))
        return key.public_key()

    def destroy(self, *, label: str) -> None:
        self._path(label).unlink(missing_ok=True)

    def sign(self, *, label: str, content: bytes) -> bytes:
        path = self._path(label)
        try:
            written_ns = path.stat().st_mtime_ns
        except FileNotFoundError as error:
            raise refusals.key_absent(label) from error
        try:
            key = _load(path, written_ns, passphrase(self.folder))
        except ValueError as error:
            raise refusals.key_file_wrong(label) from error
        return key.sign(content, ec.ECDSA(hashes.SHA256()))

    def _path(self, label: str) -> Path:
        return self.folder / f"{label}.key.pem"


def passphrase(folder: Path) -> bytes:
    """Return the folder's passphrase, drawn at random on first use."""
    path = folder / "passphrase"
    with suppress(FileExistsError):
        write_new(path, secrets.token_urlsafe(32).encode())
    return path.read_bytes()


def write_new(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads; FileExistsError if there is one already."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    try:
        os.link(draft, path)  # whole or not at all, and never over another
    finally:
        draft.unlink()


def encrypt(key: ec.EllipticCurvePrivateKey, secret: bytes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(secret),
    )


def decrypt(content: bytes, secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Return the key; ValueError if the passphrase or the content is wrong."""
    key = serialization.load_pem_private_key(content, secret)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("a signing key is an ECDSA key")  # noqa: TRY004 callers know ValueError
    return key


@lru_cache(maxsize=256)
def _load(path: Path, written_ns: int, secret: bytes) -> ec.EllipticCurvePrivateKey:  # noqa: ARG001 a rewritten file is another key
    return decrypt(path.read_bytes(), secret)
