from collections.abc import Sequence

from django.db import connection, transaction

from cuaso.foundation.audit.logic import merkle
from cuaso.foundation.audit.logic.keys import Signer, signer
from cuaso.foundation.audit.logic.nodes import read_nodes
from cuaso.foundation.audit.logic.record import record
from cuaso.foundation.audit.logic.sealing import moment
from cuaso.foundation.audit.models import Entry, Head, LedgerKey
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

BATCH = 5_000
LOCK = 0x6C_65_64_67  # "ledg": only one sequencer at a time, whoever runs it


def sequence() -> int:
    """Give every committed entry its leaf and sign the new head; return how many got one.

    Safe to call from anywhere at any time: a second sequencer returns 0 at once. An entry that
    commits late is not skipped, since its own row says that it has no leaf yet; so no look at
    the snapshot's xmin is needed, and a long transaction elsewhere holds nothing up.
    """
    done = 0
    while True:
        batch = _one_batch()
        done += batch
        if batch < BATCH:
            return done


@transaction.atomic
def _one_batch() -> int:
    if not _locked() or not Entry.objects.filter(leaf_index__isnull=True).exists():
        return 0
    key = signer()
    _introduce(key)
    waiting = Entry.objects.filter(leaf_index__isnull=True).order_by("position")[:BATCH]
    rows = list(waiting.values_list("position", "leaf"))
    frontier = _frontier()
    _number([position for position, _ in rows], first=frontier.size)
    _grow(frontier, [bytes(leaf) for _, leaf in rows])
    _sign(key, size=frontier.size, root=frontier.root())
    return len(rows)


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _introduce(key: Signer) -> None:
    """Write a key down before its first signature, so that a change of keys is itself an act."""
    _, new = LedgerKey.objects.get_or_create(
        key_id=key.key_id, defaults={"public_key": key.public, "added_at": clock.now()}
    )
    if new:
        record(
            actor=system("Sổ cái"),
            act="audit.key_introduced",
            subject=Subject(kind="audit.key", id=new_id()),
            content={"key_id": key.key_id, "public_key": key.public.hex()},
        )


def _frontier() -> merkle.Frontier:
    head = Head.objects.order_by("-size").first()
    size = head.size if head else 0
    edge = merkle.cover((0, size))
    stored = read_nodes(edge)
    return merkle.Frontier(size=size, hashes=[stored[node] for node in edge])


def _number(positions: Sequence[int], *, first: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE audit_entry SET leaf_index = %s + given.place - 1
               FROM unnest(%s::bigint[]) WITH ORDINALITY AS given (position, place)
               WHERE audit_entry.position = given.position""",
            [first, list(positions)],
        )


def _grow(frontier: merkle.Frontier, leaves: Sequence[bytes]) -> None:
    nodes: list[tuple[int, int, bytes]] = []

    def keep(level: int, index: int, found: bytes) -> bytes:
        nodes.append((level, index, found))
        return found

    for leaf in leaves:
        frontier.append(leaf, seen=keep)
    _store(nodes)


def _store(nodes: Sequence[tuple[int, int, bytes]]) -> None:
    levels, indexes, hashes = zip(*nodes, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO audit_node (level, index, hash)
               SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])""",
            [list(levels), list(indexes), list(hashes)],
        )


def _sign(key: Signer, *, size: int, root: bytes) -> None:
    now = clock.now()
    Head.objects.create(
        size=size,
        root=root,
        signed_at=now,
        key_id=key.key_id,
        checkpoint=key.checkpoint(size=size, root=root, signed_at=moment(now)),
    )
