"""Keys in a token or HSM behind PKCS#11. The private key never leaves it."""

import hashlib
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TypeVar, cast

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, Session
from pkcs11.exceptions import (
    NoSuchKey,
    NoSuchToken,
    PinIncorrect,
    PinLenRange,
    PinLocked,
    PKCS11Error,
    UserAlreadyLoggedIn,
)
from pkcs11.types import SignMixin
from pkcs11.util.ec import (
    encode_ec_public_key,
    encode_ecdsa_signature,
    encode_named_curve_parameters,
)

from cuaso.capabilities.signing.contracts import ProviderStatus
from cuaso.capabilities.signing.logic import refusals, surroundings
from cuaso.kernel.errors import Refusal

T = TypeVar("T")


class _Line:
    """One logged-in session and the one thread that speaks over it.

    A line that is late is left to itself: what its driver says afterwards touches no other line.
    """

    def __init__(self) -> None:
        self.session: Session | None = None
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="token")

    def drop(self) -> None:
        session, self.session = self.session, None
        if session is not None:
            with suppress(PKCS11Error):
                session.close()


class Token:
    """One logged-in session a process; one thread of its own, so calls queue and can be given up.

    A token tells no session apart by thread once it is logged in, and a call into a driver
    cannot be interrupted: the line is abandoned when it is late, and the caller answered.
    """

    name = "pkcs11"

    def __init__(self, *, module: str, label: str, pin_file: str) -> None:
        self.module, self.label, self.pin_file = module, label, pin_file
        self._refused_pin_ns = 0
        self._line, self._change = _Line(), Lock()

    def status(self) -> ProviderStatus:
        try:
            self._call(lambda session: session.token.label)
            sentence, ready = f"Thiết bị ký số “{self.label}” đang sẵn sàng.", True
        except Refusal as refusal:
            sentence, ready = str(refusal), False
        return ProviderStatus(name=self.name, ready=ready, demonstration=False, sentence=sentence)

    def generate(self, *, label: str) -> ec.EllipticCurvePublicKey:
        return self._call(lambda session: _generate(session, label))

    def destroy(self, *, label: str) -> None:
        def remove(session: Session) -> None:
            for thing in list(session.get_objects({Attribute.LABEL: label})):
                thing.destroy()

        self._call(remove)

    def sign(self, *, label: str, content: bytes) -> bytes:
        digest = hashlib.sha256(content).digest()

        def act(session: Session) -> bytes:
            key = cast("SignMixin", session.get_key(ObjectClass.PRIVATE_KEY, label=label))
            return bytes(encode_ecdsa_signature(key.sign(digest, mechanism=Mechanism.ECDSA)))

        try:
            return self._call(act)
        except NoSuchKey as error:
            raise refusals.key_absent(label) from error

    def close(self) -> None:
        """End the session; the next call opens another."""
        line = self._replaced(self._line)
        line.thread.submit(line.drop)
        line.thread.shutdown(wait=True)

    def _call(self, act: Callable[[Session], T]) -> T:
        with self._change:
            line = self._line
            asked = line.thread.submit(self._act, line, act)
        try:
            return asked.result(timeout=surroundings.TOKEN_SECONDS)
        except (Late, CancelledError) as error:  # cancelled: who stood before it was late
            self._replaced(line).thread.shutdown(wait=False, cancel_futures=True)
            raise refusals.token_slow() from error

    def _replaced(self, line: _Line) -> _Line:
        """Have the next call open another line, unless another call has done so; return this."""
        with self._change:
            if self._line is line:
                self._line = _Line()
        return line

    def _act(self, line: _Line, act: Callable[[Session], T]) -> T:
        try:
            try:
                return act(self._opened(line))
            except NoSuchKey:  # perhaps another token is in by now, or this one came back
                line.drop()
                pkcs11.lib(self.module).reinitialize()
                return act(self._opened(line))
        except NoSuchKey:
            raise
        except (PinIncorrect, PinLocked, PinLenRange) as error:
            line.drop()
            self._refused_pin_ns = Path(self.pin_file).stat().st_mtime_ns
            raise refusals.wrong_pin() from error
        except (PKCS11Error, RuntimeError, OSError) as error:
            line.drop()
            raise refusals.token_gone() from error

    def _opened(self, line: _Line) -> Session:
        if line.session is None:
            line.session = self._open()
        return line.session

    def _open(self) -> Session:
        library = pkcs11.lib(self.module)
        try:
            token = library.get_token(token_label=self.label)
        except NoSuchToken:
            library.reinitialize()  # a token that was plugged in again shows only then
            token = library.get_token(token_label=self.label)
        try:
            return token.open(rw=True, user_pin=self._pin())
        except UserAlreadyLoggedIn:  # by a session whose call was given up: the login is shared
            return token.open(rw=True)

    def _pin(self) -> str:
        """Return the PIN; one that the token refused is not tried again: three lock it."""
        path = Path(self.pin_file)
        if path.stat().st_mtime_ns == self._refused_pin_ns:
            raise refusals.wrong_pin()
        return path.read_text(encoding="utf-8").strip()


def _generate(session: Session, label: str) -> ec.EllipticCurvePublicKey:
    curve = session.create_domain_parameters(
        KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}, local=True
    )
    public, _private = curve.generate_keypair(
        store=True,
        label=label,
        id=label.encode(),
        private_template={Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True},
    )
    key = load_der_public_key(encode_ec_public_key(public))
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise refusals.token_gone("Thiết bị trả về khóa không thuộc loại ECDSA.")
    return key
