"""Encryption of backups with age: to a recipient, or to a passphrase.

A passphrase cannot be streamed by the library, so each backup has a key of its own (X25519)
and the passphrase, or the recipient, opens only that key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyrage

from cuaso.kernel.errors import Invalid

KEY_FILE = "key.age"
LEAST_PASSPHRASE = 12


@dataclass(frozen=True, kw_only=True)
class Seal:
    """Encrypts streams of one backup; `key_file` is the backup's key, itself encrypted."""

    key_file: bytes
    recipient: "pyrage.x25519.Recipient"

    def encrypt(self, source: IO[bytes], target: IO[bytes]) -> None:
        pyrage.encrypt_io(source, target, [self.recipient])


@dataclass(frozen=True, kw_only=True)
class Opener:
    """Decrypts streams of one backup."""

    identity: "pyrage.x25519.Identity"

    def decrypt(self, source: IO[bytes], target: IO[bytes]) -> None:
        pyrage.decrypt_io(source, target, [self.identity])


def seal(*, passphrase: str = "", recipient: str = "") -> Seal:
    """Return a fresh seal for a passphrase (12 letters or more) or an age recipient (age1…)."""
    identity = pyrage.x25519.Identity.generate()
    text = str(identity).encode()
    if recipient:
        try:
            known = pyrage.x25519.Recipient.from_str(recipient)
        except pyrage.RecipientError as error:
            raise _bad_recipient(recipient) from error
        return Seal(key_file=pyrage.encrypt(text, [known]), recipient=identity.to_public())
    if len(passphrase) < LEAST_PASSPHRASE:
        raise Invalid(
            code="backup.short_passphrase",
            what="Cụm mật khẩu của bản sao lưu quá ngắn."
            if passphrase
            else "Chưa có cụm mật khẩu cho bản sao lưu.",
            why=f"Cần ít nhất {LEAST_PASSPHRASE} ký tự: ai có bản sao lưu và cụm này là có tất cả.",
            mend="Hãy đặt CUASO_BACKUP_PASSPHRASE, hoặc dùng --recipient age1…",
        )
    return Seal(
        key_file=pyrage.passphrase.encrypt(text, passphrase), recipient=identity.to_public()
    )


def opener(*, folder: Path, passphrase: str = "", identity_file: Path | None = None) -> Opener:
    """Return what opens the backup in the folder. Raises Invalid when the key does not fit."""
    sealed = (folder / KEY_FILE).read_bytes()
    decrypt = _decrypter(passphrase=passphrase, identity_file=identity_file)
    try:
        text = decrypt(sealed).decode()
    except pyrage.DecryptError as error:
        raise Invalid(
            code="backup.wrong_key",
            what="Không mở được bản sao lưu.",
            why="Cụm mật khẩu hoặc khóa không đúng, hoặc tệp key.age đã bị sửa.",
            mend="Hãy kiểm tra cụm mật khẩu; chưa có gì bị thay đổi.",
        ) from error
    return Opener(identity=pyrage.x25519.Identity.from_str(text))


def _decrypter(*, passphrase: str, identity_file: Path | None) -> Callable[[bytes], bytes]:
    if identity_file is None:
        return lambda sealed: bytes(pyrage.passphrase.decrypt(sealed, passphrase))
    lines = identity_file.read_text().splitlines()
    secret = next((line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")), "")
    identity = pyrage.x25519.Identity.from_str(secret)
    return lambda sealed: bytes(pyrage.decrypt(sealed, [identity]))


def _bad_recipient(recipient: str) -> Invalid:
    return Invalid(
        code="backup.bad_recipient",
        what=f"“{recipient}” không phải là khóa công khai age.",
        mend="Khóa công khai age bắt đầu bằng age1; tạo bằng: age-keygen -o khoa.txt",
    )
