"""Known vectors of RFC 6962 trees, as the Certificate Transparency code base publishes them."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from cuaso.foundation.audit.logic import merkle, offline
from cuaso.foundation.audit.logic.keys import Signer

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(hashes):
    """The definition of RFC 6962, 2.1, word for word."""
    if not hashes:
        return offline.EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return offline.node_hash(naive_root(hashes[:k]), naive_root(hashes[k:]))


def naive_path(m, hashes):
    if len(hashes) == 1:
        return []
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m < k:
        return [*naive_path(m, hashes[:k]), naive_root(hashes[k:])]
    return [*naive_path(m - k, hashes[k:]), naive_root(hashes[:k])]


def naive_proof(m, hashes, *, whole=True):
    if m == len(hashes):
        return [] if whole else [naive_root(hashes)]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m <= k:
        return [*naive_proof(m, hashes[:k], whole=whole), naive_root(hashes[k:])]
    return [*naive_proof(m - k, hashes[k:], whole=False), naive_root(hashes[:k])]


class Tree:
    def __init__(self, hashes):
        self.nodes = {}
        self.frontier = merkle.Frontier()
        for leaf in hashes:
            self.frontier.append(leaf, seen=self.keep)

    def keep(self, level, index, found):
        self.nodes[level, index] = found
        return found

    def path(self, spans):
        return list(merkle.hashes_of(spans, self.nodes))


def numbered(size):
    return [offline.leaf_hash(str(number).encode()) for number in range(size)]


def test_the_published_roots_come_out():
    hashes = [offline.leaf_hash(data) for data in LEAVES]
    assert [Tree(hashes[:size]).frontier.root().hex() for size in range(1, 9)] == ROOTS
    assert merkle.Frontier().root().hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


def test_the_published_inclusion_and_consistency_paths_come_out():
    tree = Tree([offline.leaf_hash(data) for data in LEAVES])
    path = tree.path(merkle.inclusion_spans(index=5, size=8))
    assert [step.hex() for step in path] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    proof = tree.path(merkle.consistency_spans(first=6, second=8))
    assert [step.hex() for step in proof] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(size=st.integers(1, 200), data=st.data())
def test_every_inclusion_proof_equals_the_definition_and_checks(size, data):
    index = data.draw(st.integers(0, size - 1))
    hashes = numbered(size)
    path = Tree(hashes).path(merkle.inclusion_spans(index=index, size=size))
    assert path == naive_path(index, hashes)
    root = offline.root_from_inclusion(leaf=hashes[index], index=index, size=size, path=path)
    assert root == naive_root(hashes)


@given(second=st.integers(1, 200), data=st.data())
def test_every_consistency_proof_equals_the_definition_and_checks(second, data):
    first = data.draw(st.integers(1, second))
    hashes = numbered(second)
    path = Tree(hashes).path(merkle.consistency_spans(first=first, second=second))
    assert path == naive_proof(first, hashes)
    offline.check_consistency(
        first_size=first,
        first_root=naive_root(hashes[:first]),
        second_size=second,
        second_root=naive_root(hashes),
        path=path,
    )


@given(size=st.integers(2, 100), data=st.data())
def test_a_path_that_was_touched_leads_elsewhere(size, data):
    index = data.draw(st.integers(0, size - 1))
    hashes = numbered(size)
    path = Tree(hashes).path(merkle.inclusion_spans(index=index, size=size))
    step = data.draw(st.integers(0, len(path) - 1))
    path[step] = bytes([path[step][0] ^ 1, *path[step][1:]])
    root = offline.root_from_inclusion(leaf=hashes[index], index=index, size=size, path=path)
    assert root != naive_root(hashes)


@given(size=st.integers(2, 100), data=st.data())
def test_a_path_too_long_or_too_short_is_refused(size, data):
    index = data.draw(st.integers(0, size - 1))
    path = naive_path(index, numbered(size))
    wrong = data.draw(st.sampled_from([path[:-1], [*path, offline.EMPTY_ROOT]]))
    with pytest.raises(offline.Unproven, match="Đường dẫn chứng minh"):
        offline.root_from_inclusion(leaf=numbered(size)[index], index=index, size=size, path=wrong)


@given(second=st.integers(2, 100), data=st.data())
def test_another_history_is_not_consistent(second, data):
    first = data.draw(st.integers(1, second - 1))
    changed = data.draw(st.integers(0, first - 1))
    hashes = numbered(second)
    other = [*hashes]
    other[changed] = offline.leaf_hash(b"rewritten")
    with pytest.raises(offline.Unproven):
        offline.check_consistency(
            first_size=first,
            first_root=naive_root(hashes[:first]),
            second_size=second,
            second_root=naive_root(other),
            path=naive_proof(first, other),
        )


KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes_raw()


def checkpoint():
    signer = Signer(private=KEY, generated=False)
    return signer.checkpoint(size=7, root=bytes(range(32)), signed_at="2025-08-04T05:00:00.000000Z")


def test_a_checkpoint_is_a_signed_note_and_opens():
    text = checkpoint()
    lines = text.split("\n")
    assert lines[:5] == [
        "cuaso-ledger",
        "7",
        base64.b64encode(bytes(range(32))).decode(),
        "signed-at 2025-08-04T05:00:00.000000Z",
        "",
    ]
    assert lines[5].startswith("— cuaso-ledger ")
    assert offline.open_checkpoint(text, public_key=PUBLIC) == offline.Checkpoint(
        origin="cuaso-ledger",
        size=7,
        root=bytes(range(32)),
        signed_at="2025-08-04T05:00:00.000000Z",
    )


@given(place=st.integers(0, 500))
def test_no_letter_of_a_checkpoint_can_be_changed(place):
    text = checkpoint()
    place %= len(text.rstrip())
    changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    with pytest.raises(offline.Unproven):
        offline.open_checkpoint(changed, public_key=PUBLIC)


def test_a_checkpoint_under_another_key_is_refused():
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with pytest.raises(offline.Unproven, match="không được ký bằng khóa đã cho"):
        offline.open_checkpoint(checkpoint(), public_key=other)
