"""The Ed25519 key that signs tree heads, in the folder CUASO_KEYS.

`ledger.key` is the administrator's (PEM, PKCS #8). Without it a house that is not in
production makes `ledger.generated.key` on first use.
"""

import base64
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from cuaso.foundation.audit.contracts import KeyStatus
from cuaso.foundation.audit.logic.offline import key_hash, note
from cuaso.kernel.errors import Unavailable

ORIGIN = "cuaso-ledger"
OWN, GENERATED, PUBLIC = "ledger.key", "ledger.generated.key", "ledger.pub"
_MEND = (
    f"Hãy tạo khóa bằng: openssl genpkey -algorithm ed25519 -out {OWN}, đặt vào thư mục khóa "
    "với quyền 0600, rồi sao lưu ở nơi khác."
)


@dataclass(frozen=True, kw_only=True)
class Signer:
    private: Ed25519PrivateKey
    generated: bool

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        return key_hash(name=ORIGIN, public_key=self.public).hex()

    def checkpoint(self, *, size: int, root: bytes, signed_at: str) -> str:
        """Return the signed note of a tree head."""
        body = note(origin=ORIGIN, size=size, root=root, signed_at=signed_at)
        blob = bytes.fromhex(self.key_id) + self.private.sign(body.encode())
        return f"{body}\n— {ORIGIN} {base64.b64encode(blob).decode()}\n"


def signer() -> Signer:
    """Return the key; make one on first use outside production. Raises Unavailable."""
    own = Path(settings.CUASO_KEYS) / OWN
    if own.exists():
        return Signer(private=_read(own), generated=False)
    if settings.MODE == "production":
        raise _unusable("Thư mục khóa không có khóa ký sổ cái của cơ quan.")
    made = Path(settings.CUASO_KEYS) / GENERATED
    if not made.exists():
        _make(made)
    return Signer(private=_read(made), generated=True)


def key_status() -> KeyStatus:
    """Say whether the ledger's key may be relied on, without making one."""
    generated = Path(settings.CUASO_KEYS) / GENERATED
    own = Path(settings.CUASO_KEYS) / OWN
    if not own.exists() and not generated.exists():
        return KeyStatus(
            ok=False, generated=False, key_id="", say=f"Chưa có khóa ký sổ cái. {_MEND}"
        )
    try:
        found = signer()
    except Unavailable as refusal:
        return KeyStatus(ok=False, generated=not own.exists(), key_id="", say=str(refusal))
    say = "Khóa ký sổ cái dùng được."
    if found.generated:
        say = f"Khóa ký sổ cái do phần mềm tự tạo, chỉ để dùng thử. {_MEND}"
    return KeyStatus(ok=True, generated=found.generated, key_id=found.key_id, say=say)


def production_refusals() -> list[str]:
    """Return why a house in production must not start; nothing when the agency's key is there."""
    own = Path(settings.CUASO_KEYS) / OWN
    if not own.exists():
        return [f"Sổ cái chưa có khóa ký riêng của cơ quan. {_MEND}"]
    status = key_status()
    return [] if status.ok else [status.say]


def _read(path: Path) -> Ed25519PrivateKey:
    if path.stat().st_mode & 0o077:
        raise _unusable(f"Người khác trên máy đọc được tệp khóa {path.name}: hãy đặt quyền 0600.")
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, OSError) as error:
        raise _unusable(f"Không đọc được tệp khóa {path.name}.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _unusable(f"Tệp khóa {path.name} không phải khóa Ed25519.")
    return key


def _make(path: Path) -> None:
    """Write a new key whole or not at all; of two processes at once, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    else:
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        path.with_name(PUBLIC).write_bytes(public)
    finally:
        draft.unlink()


def _unusable(why: str) -> Unavailable:
    return Unavailable(
        code="audit.key_unusable", what="Không ký được đầu cây của sổ cái.", why=why, mend=_MEND
    )
