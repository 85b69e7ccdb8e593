"""The signed side of verification: keys, heads, and checkpoints that others kept."""

from collections.abc import Iterator, Sequence

from cuaso.foundation.audit.contracts import Fault
from cuaso.foundation.audit.logic import merkle, offline
from cuaso.foundation.audit.logic.keys import ORIGIN
from cuaso.foundation.audit.logic.nodes import read_nodes
from cuaso.foundation.audit.logic.sealing import moment
from cuaso.foundation.audit.models import Head, LedgerKey


class Walk:
    """Hands out each head when the tree has grown to its size."""

    def __init__(self, *, size: int) -> None:
        heads = Head.objects.filter(size__lte=size).order_by("size")
        self._heads = heads.iterator(chunk_size=2_000)
        self._next = next(self._heads, None)
        self._keys = _keys()
        self._good = 0

    def faults_at(self, frontier: merkle.Frontier) -> Iterator[Fault]:
        while self._next and self._next.size <= frontier.size:
            head, self._next = self._next, next(self._heads, None)
            if say := self._wrong(head, frontier):
                yield Fault(kind="head", say=say, leaf_index=self._good)
            else:
                self._good = head.size

    def _wrong(self, head: Head, frontier: merkle.Frontier) -> str:
        name = f"Đầu cây {head.size} mục"
        try:
            signed = offline.open_checkpoint(
                head.checkpoint, public_key=self._keys.get(head.key_id, b"")
            )
        except (offline.Unproven, ValueError) as fault:
            return f"{name} không đúng chữ ký: {fault}"
        if (signed.size, signed.root, signed.signed_at, signed.origin) != (
            head.size,
            bytes(head.root),
            moment(head.signed_at),
            ORIGIN,
        ):
            return f"{name} ghi khác với bản đã ký."
        if frontier.root() != bytes(head.root):
            return (
                f"{name} không khớp: các mục từ số {self._good} đến số {head.size - 1} đã bị sửa."
            )
        return ""


def key_faults() -> Iterator[Fault]:
    for key_id, public_key in _keys().items():
        if offline.key_hash(name=ORIGIN, public_key=public_key).hex() != key_id:
            yield Fault(kind="key", say=f"Khóa công khai {key_id} đã bị sửa.")


def witness_faults(witnessed: Sequence[str]) -> Iterator[Fault]:
    for text in witnessed:
        if say := _rewritten(text):
            yield Fault(kind="head", say=say)


def _rewritten(text: str) -> str:
    """Say why a checkpoint that somebody kept is no beginning of the present tree."""
    for public_key in _keys().values():
        try:
            kept = offline.open_checkpoint(text, public_key=public_key)
        except (offline.Unproven, ValueError):
            continue
        span = (0, kept.size)
        stored = read_nodes(merkle.cover(span))
        if len(stored) != len(merkle.cover(span)):
            return f"Sổ cái đã mất mục: đầu cây được giữ hộ có {kept.size} mục."
        if merkle.hashes_of([span], stored)[0] != kept.root:
            return f"Sổ cái đã bị viết lại trong {kept.size} mục đầu: khác đầu cây được giữ hộ."
        return ""
    return "Đầu cây được giữ hộ không do khóa nào của sổ cái này ký."


def _keys() -> dict[str, bytes]:
    rows = LedgerKey.objects.values_list("key_id", "public_key")
    return {key_id: bytes(public_key) for key_id, public_key in rows}
