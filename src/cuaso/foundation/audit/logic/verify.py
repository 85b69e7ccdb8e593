"""Recompute the whole ledger from its rows and say what does not fit, entry by entry.

Where a stored hash differs from the recomputed one, the walk goes on with the stored one: so a
change in one place is one fault, not a trail of faults up to the root.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db import connection
from django.db.models import Exists, F, OuterRef

from cuaso.foundation.audit.contracts import Fault, Verification
from cuaso.foundation.audit.logic import erase, merkle, offline, verify_heads
from cuaso.foundation.audit.logic.sealing import commit, leaf_of
from cuaso.foundation.audit.models import Entry, Head

CHUNK = 2_000


def verify(*, witnessed: Sequence[str] = ()) -> Verification:
    """Recompute every commitment, leaf, node, root and signature.

    `witnessed` are checkpoints that somebody else kept: each must still be the beginning of the
    present tree. Only they can uncover a ledger that was rewritten whole with the signing key.
    """
    newest = Head.objects.order_by("-size").first()
    size = newest.size if newest else 0
    walk = _Walk(size=size)
    faults = list(verify_heads.key_faults())
    faults += walk.faults()
    faults += [fault for row in _waiting() for fault in _entry_faults(row)]
    faults += [*_beyond(), *_unrecorded_erasures(), *verify_heads.witness_faults(witnessed)]
    return Verification(
        ok=not faults,
        size=size,
        waiting=Entry.objects.filter(leaf_index__isnull=True).count(),
        root=walk.frontier.root().hex(),
        faults=tuple(faults),
        say=_say(size, faults),
    )


class _Walk:
    """One pass over leaves, nodes and heads in the order of the tree."""

    def __init__(self, *, size: int) -> None:
        self.size = size
        self.frontier = merkle.Frontier()
        self._stored: dict[merkle.Node, bytes] = {}
        self._found: list[Fault] = []
        self._heads = verify_heads.Walk(size=size)

    def faults(self) -> Iterator[Fault]:
        rows = Entry.objects.filter(leaf_index__lt=self.size).order_by("leaf_index")
        stream = rows.iterator(chunk_size=CHUNK)
        while chunk := list(islice(stream, CHUNK)):
            self._fetch(chunk[-1].leaf_index or 0)
            for row in chunk:
                yield from self._missing(until=row.leaf_index or 0)
                yield from self._one(row)
        self._fetch(self.size - 1)
        yield from self._missing(until=self.size)

    def _one(self, row: Entry) -> Iterator[Fault]:
        yield from _entry_faults(row)
        leaf = leaf_of(row)
        stored = self._stored.get((0, self.frontier.size))
        if leaf == bytes(row.leaf) and leaf != stored:
            yield _fault("order", row, "không còn ở đúng vị trí đã ghi trong cây")
        yield from self._grow(stored or leaf)

    def _missing(self, *, until: int) -> Iterator[Fault]:
        first = self.frontier.size
        if first < until:
            names = f"số {first}" if until == first + 1 else f"từ số {first} đến số {until - 1}"
            say = f"Sổ cái mất mục {names}: dòng đã bị xóa hoặc đổi số thứ tự."
            yield Fault(kind="order", say=say, leaf_index=first)
        while self.frontier.size < until:
            stored = self._stored.get((0, self.frontier.size), offline.EMPTY_ROOT)
            yield from self._grow(stored)

    def _grow(self, leaf: bytes) -> Iterator[Fault]:
        self.frontier.append(leaf, seen=self._compare)
        yield from self._found
        self._found.clear()
        yield from self._heads.faults_at(self.frontier)

    def _compare(self, level: int, index: int, computed: bytes) -> bytes:
        stored = self._stored.pop((level, index), None)
        if stored == computed:
            return computed
        first, last = index << level, ((index + 1) << level) - 1
        what = "bị mất" if stored is None else "không khớp với các mục bên dưới"
        say = f"Nút ({level}, {index}) của cây, trên các mục từ số {first} đến số {last}, {what}."
        self._found.append(Fault(kind="node", say=say, leaf_index=first))
        return stored or computed

    def _fetch(self, last: int) -> None:
        """Read the stored nodes that the leaves up to `last` complete."""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT node.level, node.index, node.hash
                   FROM generate_series(0, 62) AS wanted
                   JOIN audit_node AS node ON node.level = wanted
                    AND node.index >= %s::bigint >> wanted AND node.index < %s::bigint >> wanted""",
                [self.frontier.size, last + 1],
            )
            for level, index, found in cursor.fetchall():
                self._stored[level, index] = bytes(found)


def _entry_faults(row: Entry) -> Iterator[Fault]:
    if row.sealed is not None and row.salt is not None:
        if commit(sealed=row.sealed, salt=bytes(row.salt)) != bytes(row.commitment):
            yield _fault("content", row, "có nội dung hoặc muối không khớp dấu cam kết")
        elif not _person_fits(row):
            yield _fault("content", row, "ghi người thực hiện khác với nội dung đã cam kết")
    elif row.erased_at is None or row.sealed is not None or row.salt is not None:
        yield _fault("content", row, "mất nội dung mà không có lệnh xóa")
    if leaf_of(row) != bytes(row.leaf):
        yield _fault("leaf", row, "có dòng tiêu đề (việc, lúc, ai, về gì) đã bị sửa")


def _person_fits(row: Entry) -> bool:
    person = str(row.actor_person_id) if row.actor_person_id else None
    return bool(json.loads(row.sealed or "")["actor"]["person"] == person)


def _waiting() -> Iterator[Entry]:
    return Entry.objects.filter(leaf_index__isnull=True).order_by("pk").iterator(chunk_size=CHUNK)


def _beyond() -> Iterator[Fault]:
    """Yield rows outside the signed tree; each query reads the newest size in its own snapshot."""
    newest = "COALESCE((SELECT max(size) FROM audit_head), 0)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT leaf_index FROM audit_entry WHERE leaf_index >= {newest}")  # noqa: S608 a constant
        for (index,) in cursor.fetchall():
            say = f"Mục số {index} nằm ngoài cây đã ký."
            yield Fault(kind="order", say=say, leaf_index=index)
        cursor.execute(
            f"""SELECT node.level, node.index FROM generate_series(0, 62) AS wanted
                JOIN audit_node AS node ON node.level = wanted
                 AND (node.index >= {newest} >> wanted OR node.index < 0)"""  # noqa: S608 a constant
        )
        for level, index in cursor.fetchall():
            say = f"Nút ({level}, {index}) nằm ngoài cây đã ký."
            yield Fault(kind="node", say=say)


def _unrecorded_erasures() -> Iterator[Fault]:
    acts = Entry.objects.filter(
        act=erase.ACT, subject_kind=erase.KIND, subject_id=OuterRef("entry_id")
    )
    for row in Entry.objects.filter(~Exists(acts), erased_at__isnull=False).order_by(F("pk")):
        yield _fault("erasure", row, "bị xóa nội dung mà sổ cái không có việc xóa nào")


def _fault(kind: str, row: Entry, what: str) -> Fault:
    place = "chưa có số" if row.leaf_index is None else f"số {row.leaf_index}"
    say = f"Mục {place} (mã {row.entry_id}, việc “{row.act}”) {what}."
    return Fault(kind=kind, say=say, entry_id=row.entry_id, leaf_index=row.leaf_index)


def _say(size: int, faults: Sequence[Fault]) -> str:
    if not faults:
        return f"Sổ cái nguyên vẹn: đã tính lại {size} mục, mọi chữ ký đúng."
    return (
        f"Sổ cái có {len(faults)} chỗ không khớp. Chỗ đầu tiên: {faults[0].say} "
        "Hãy giữ nguyên hiện trạng, báo bộ phận an ninh và đối chiếu với bản sao lưu."
    )
