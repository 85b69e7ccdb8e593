from dataclasses import asdict
from uuid import UUID

from cuaso.foundation.audit import contracts
from cuaso.foundation.audit.logic import merkle, offline
from cuaso.foundation.audit.logic.history import find
from cuaso.foundation.audit.logic.nodes import read_nodes
from cuaso.foundation.audit.logic.sealing import leaf_text
from cuaso.foundation.audit.models import Head, LedgerKey
from cuaso.kernel.errors import Conflict, Invalid, NotFound


def tree_head() -> contracts.TreeHead:
    """Return the newest signed tree head; raises NotFound while the ledger is empty."""
    return as_tree_head(_newest())


def heads(limit: int = 20) -> tuple[contracts.TreeHead, ...]:
    """Return the newest heads first."""
    return tuple(as_tree_head(head) for head in Head.objects.order_by("-size")[:limit])


def prove(entry_id: UUID) -> contracts.Proof:
    """Return the proof that an entry is in the newest tree, in O(log n) reads.

    Raises NotFound for an unknown entry, Conflict while it still waits for its leaf.
    """
    entry = find(entry_id)
    if entry.leaf_index is None:
        raise Conflict(
            code="audit.not_sequenced",
            what="Mục này vừa được ghi và chưa có vị trí trong cây.",
            mend="Hãy thử lại sau vài giây.",
        )
    head = _newest()
    spans = merkle.inclusion_spans(index=entry.leaf_index, size=head.size)
    path = merkle.hashes_of(spans, read_nodes(merkle.nodes_of(spans)))
    return contracts.Proof(
        entry_id=entry.entry_id,
        leaf=leaf_text(entry),
        sealed=entry.sealed,
        salt=None if entry.salt is None else bytes(entry.salt).hex(),
        leaf_index=entry.leaf_index,
        tree_size=head.size,
        path=tuple(step.hex() for step in path),
        checkpoint=head.checkpoint,
    )


def prove_consistency(*, first_size: int, second_size: int) -> contracts.ConsistencyProof:
    """Return the proof that the tree of `first_size` begins that of `second_size`.

    Any two sizes up to the newest head's, not only signed ones. Raises Invalid beyond.
    """
    if not 0 < first_size <= second_size <= _newest().size:
        raise Invalid(
            code="audit.no_such_tree",
            what="Không có cây với kích thước này.",
            mend="Kích thước phải từ 1 đến số mục của đầu cây mới nhất, số trước không lớn hơn.",
        )
    spans = merkle.consistency_spans(first=first_size, second=second_size)
    first, second = [(0, first_size)], [(0, second_size)]
    stored = read_nodes(merkle.nodes_of([*spans, *first, *second]))
    return contracts.ConsistencyProof(
        first_size=first_size,
        first_root=merkle.hashes_of(first, stored)[0].hex(),
        second_size=second_size,
        second_root=merkle.hashes_of(second, stored)[0].hex(),
        path=tuple(step.hex() for step in merkle.hashes_of(spans, stored)),
    )


def check_proof(proof: contracts.Proof, *, public_key: bytes) -> contracts.Check:
    """Check a proof with nothing trusted but the public key: 32 raw bytes from elsewhere."""
    try:
        head = offline.check_document(asdict(proof), public_key=public_key)
    except offline.Unproven as fault:
        return contracts.Check(ok=False, say=str(fault))
    say = f"Mục số {proof.leaf_index} nằm trong sổ cái gồm {head.size} mục, ký {head.signed_at}."
    return contracts.Check(ok=True, say=say)


def check_consistency(proof: contracts.ConsistencyProof) -> contracts.Check:
    """Check that the first tree begins the second; compare the roots with signed heads yourself."""
    try:
        offline.check_consistency(
            first_size=proof.first_size,
            first_root=bytes.fromhex(proof.first_root),
            second_size=proof.second_size,
            second_root=bytes.fromhex(proof.second_root),
            path=[bytes.fromhex(step) for step in proof.path],
        )
    except offline.Unproven as fault:
        return contracts.Check(ok=False, say=str(fault))
    say = f"Cây {proof.first_size} mục là phần đầu của cây {proof.second_size} mục."
    return contracts.Check(ok=True, say=say)


def public_keys() -> dict[str, bytes]:
    """Return every public key that has signed heads, by key id; 32 raw bytes each."""
    rows = LedgerKey.objects.values_list("key_id", "public_key")
    return {key_id: bytes(public_key) for key_id, public_key in rows}


def _newest() -> Head:
    if head := Head.objects.order_by("-size").first():
        return head
    raise NotFound(
        code="audit.no_head", what="Sổ cái chưa có đầu cây nào.", mend="Hãy thử lại sau vài giây."
    )


def as_tree_head(head: Head) -> contracts.TreeHead:
    return contracts.TreeHead(
        size=head.size,
        root=bytes(head.root).hex(),
        signed_at=head.signed_at,
        key_id=head.key_id,
        checkpoint=head.checkpoint,
    )
