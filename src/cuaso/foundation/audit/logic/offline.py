"""Check the ledger's proofs far from the house: RFC 6962 hashing, RFC 9162 proofs, signed notes.

This file needs Python and the `cryptography` library, nothing of the house. A third agency
may take it away and check a proof document against the public key that it was given.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

EMPTY_ROOT = hashlib.sha256(b"").digest()
ED25519 = b"\x01"


class Unproven(Exception):
    """The document does not prove what it claims; the text is a Vietnamese sentence."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_inclusion(*, leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that the path leads to (RFC 9162, 2.1.3.2). Raises Unproven."""
    if not 0 <= index < size:
        raise Unproven("Số thứ tự nằm ngoài cây.")
    node, last, result = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise Unproven("Đường dẫn chứng minh dài hơn cây.")
        if node & 1 or node == last:
            result = node_hash(step, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, step)
        node, last = node >> 1, last >> 1
    if last:
        raise Unproven("Đường dẫn chứng minh ngắn hơn cây.")
    return result


def check_consistency(
    *,
    first_size: int,
    first_root: bytes,
    second_size: int,
    second_root: bytes,
    path: Sequence[bytes],
) -> None:
    """Raise Unproven unless the first tree begins the second (RFC 9162, 2.1.4.2)."""
    if not 0 < first_size <= second_size:
        raise Unproven("Hai kích thước cây không hợp lệ.")
    if first_size == second_size:
        if path or first_root != second_root:
            raise Unproven("Hai cây cùng kích thước nhưng khác gốc.")
        return
    steps = list(path) if first_size & (first_size - 1) else [first_root, *path]
    if not steps:
        raise Unproven("Đường dẫn chứng minh rỗng.")
    old, new = _climb(steps, first_size - 1, second_size - 1)
    if old != first_root or new != second_root:
        raise Unproven("Cây trước không phải là phần đầu của cây sau: sổ cái đã bị viết lại.")


def _climb(steps: list[bytes], node: int, last: int) -> tuple[bytes, bytes]:
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise Unproven("Đường dẫn chứng minh dài hơn cây.")
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    if last:
        raise Unproven("Đường dẫn chứng minh ngắn hơn cây.")
    return old, new


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The signed part of a tree head."""

    origin: str
    size: int
    root: bytes
    signed_at: str


def key_hash(*, name: str, public_key: bytes) -> bytes:
    """Return the four bytes by which a signed note names its key."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def note(*, origin: str, size: int, root: bytes, signed_at: str) -> str:
    """Return the text that is signed: origin, size, root, then one line of our own."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\nsigned-at {signed_at}\n"


def open_checkpoint(text: str, *, public_key: bytes) -> Checkpoint:
    """Return what a checkpoint says once its signature is good. Raises Unproven."""
    body, found, signatures = text.partition("\n\n")
    if not found:
        raise Unproven("Đầu cây không có chữ ký.")
    body += "\n"
    lines = body.split("\n")
    try:
        origin, size, root, signed_at = lines[0], int(lines[1]), lines[2], lines[3]
        _check_signature(body, signatures, origin=origin, public_key=public_key)
        return Checkpoint(
            origin=origin,
            size=size,
            root=base64.b64decode(root, validate=True),
            signed_at=signed_at.removeprefix("signed-at "),
        )
    except (ValueError, IndexError, binascii.Error) as error:
        raise Unproven("Đầu cây viết sai khuôn dạng.") from error


def _check_signature(body: str, signatures: str, *, origin: str, public_key: bytes) -> None:
    wanted = key_hash(name=origin, public_key=public_key)
    for line in signatures.splitlines():
        dash, name, encoded = line.split(" ")
        blob = base64.b64decode(encoded, validate=True)
        if dash == "—" and name == origin and blob[:4] == wanted:
            try:
                Ed25519PublicKey.from_public_bytes(public_key).verify(blob[4:], body.encode())
            except InvalidSignature as error:
                raise Unproven("Chữ ký của đầu cây không đúng.") from error
            return
    raise Unproven("Đầu cây không được ký bằng khóa đã cho.")


def check_document(document: Mapping[str, object], *, public_key: bytes) -> Checkpoint:
    """Return the checkpoint that proves the document's entry. Raises Unproven.

    Shape: leaf, sealed, salt, leaf_index, tree_size, path, checkpoint as `Proof` has them;
    hashes and salt in hex. The key must come from elsewhere than the document.
    """
    head = open_checkpoint(str(document["checkpoint"]), public_key=public_key)
    leaf = str(document["leaf"])
    root = root_from_inclusion(
        leaf=leaf_hash(leaf.encode()),
        index=cast("int", document["leaf_index"]),
        size=cast("int", document["tree_size"]),
        path=[bytes.fromhex(step) for step in cast("Sequence[str]", document["path"])],
    )
    if head.size != document["tree_size"] or head.root != root:
        raise Unproven("Mục này không nằm trong cây đã ký.")
    if document["sealed"] is not None:
        sealed, salt = str(document["sealed"]), bytes.fromhex(str(document["salt"]))
        commitment = hashlib.sha256(salt + sealed.encode()).hexdigest()
        if json.loads(leaf)["commitment"] != commitment:
            raise Unproven("Nội dung kèm theo không phải nội dung đã cam kết.")
    return head
