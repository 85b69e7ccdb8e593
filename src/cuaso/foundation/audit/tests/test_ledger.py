import threading
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from cuaso.foundation.audit import api
from cuaso.foundation.audit.models import Entry, Head, Node
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict, Invalid, NotFound
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

ACTOR = Actor(kind="citizen", name="Trần Thị Bưởi", person_id=UUID(int=4))
DOSSIER = Subject(kind="procedures.dossier", id=UUID(int=9))


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.CUASO_KEYS = tmp_path / "keys"
    return settings.CUASO_KEYS


def act(number=0):
    return api.record(
        actor=ACTOR, act="procedures.noted", subject=DOSSIER, content={"number": number}
    )


def ledger(*batches):
    """Record and sequence batches of acts; return the entries' ids in the order of the tree."""
    ids = []
    for size in batches:
        ids += [act(number) for number in range(size)]
        api.sequence()
    return ids


def tamper(sql, params=()):
    """Change rows as somebody would who owns the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET session_replication_role = origin")


@pytest.mark.django_db
def test_sequencing_gives_leaves_in_order_and_signs():
    ids = ledger(3, 4)
    # The introduction of the key is an act of its own, written with the first batch.
    rows = Entry.objects.order_by("leaf_index")
    assert [row.leaf_index for row in rows] == list(range(8))
    assert [row.act for row in rows][3] == "audit.key_introduced"
    assert [row.entry_id for row in rows if row.act == "procedures.noted"] == ids
    assert list(Head.objects.order_by("size").values_list("size", flat=True)) == [4, 8]
    assert Node.objects.count() == 8 + 4 + 2 + 1
    assert api.tree_head().size == 8
    assert api.sequence() == 0


@pytest.mark.django_db
def test_every_entry_is_proven_against_the_published_key():
    ids = ledger(1, 5, 3, 11)
    [public_key] = api.public_keys().values()
    for entry_id in ids:
        proof = api.prove(entry_id)
        check = api.check_proof(proof, public_key=public_key)
        assert (check.ok, proof.tree_size) == (True, 21)
        assert f"Mục số {proof.leaf_index} nằm trong sổ cái gồm 21 mục" in check.say


@pytest.mark.django_db
def test_every_two_trees_are_proven_consistent():
    ledger(9)
    roots: dict[int, str] = {}
    for second in range(1, 11):
        for first in range(1, second + 1):
            proof = api.prove_consistency(first_size=first, second_size=second)
            assert api.check_consistency(proof).ok
            roots.setdefault(first, proof.first_root)
            assert (proof.first_root, roots.get(second, proof.second_root)) == (
                roots[first],
                proof.second_root,
            )
    assert api.tree_head().root == roots[10]


@pytest.mark.django_db
def test_a_proof_of_other_content_is_refused():
    [entry_id] = ledger(1)
    [public_key] = api.public_keys().values()
    proof = api.prove(entry_id)
    forged = type(proof)(**{**vars_of(proof), "sealed": str(proof.sealed).replace("0", "1")})
    assert api.check_proof(forged, public_key=public_key).say == (
        "Nội dung kèm theo không phải nội dung đã cam kết."
    )
    forged = type(proof)(**{**vars_of(proof), "leaf": proof.leaf.replace("noted", "voted")})
    assert api.check_proof(forged, public_key=public_key).say == (
        "Mục này không nằm trong cây đã ký."
    )


def vars_of(proof):
    return {name: getattr(proof, name) for name in proof.__dataclass_fields__}


@pytest.mark.django_db
def test_proving_needs_a_leaf_and_a_head():
    entry_id = act()
    with pytest.raises(Conflict, match="chưa có vị trí"):
        api.prove(entry_id)
    with pytest.raises(NotFound):
        api.tree_head()
    with pytest.raises(NotFound):
        api.prove(new_id())
    api.sequence()
    with pytest.raises(Invalid):
        api.prove_consistency(first_size=1, second_size=3)


@pytest.mark.django_db(transaction=True)
def test_an_act_that_commits_late_is_sequenced_after_and_not_skipped():
    held, go = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                act(1)
                held.set()
                go.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    held.wait(10)
    with transaction.atomic():
        quick = act(2)
    api.sequence()
    assert api.entry(quick).leaf_index == 0
    go.set()
    thread.join()
    assert api.sequence() == 1
    assert {entry.content["number"]: entry.leaf_index for entry in api.history(DOSSIER)} == {
        2: 0,
        1: 2,
    }
    assert api.verify().ok


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_at_once_make_one_tree():
    with transaction.atomic():
        for number in range(50):
            act(number)
    counts = []

    def run():
        try:
            counts.append(api.sequence())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 51
    assert api.verify().ok
    assert api.verify().size == 51


@pytest.mark.django_db
def test_an_untouched_ledger_verifies():
    ledger(5, 8, 2)
    act()
    result = api.verify()
    assert (result.ok, result.size, result.waiting, result.faults) == (True, 16, 1, ())
    assert result.root == api.tree_head().root
    assert result.say == "Sổ cái nguyên vẹn: đã tính lại 16 mục, mọi chữ ký đúng."


@pytest.mark.django_db
def test_an_empty_ledger_verifies():
    assert api.verify().ok


FLIP = "set_byte({0}, 3, get_byte({0}, 3) # 1)"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("sealed = replace(sealed, '\"number\":4', '\"number\":5')", "content"),
        ("salt = " + FLIP.format("salt"), "content"),
        ("commitment = " + FLIP.format("commitment"), "content"),
        ("actor_person_id = gen_random_uuid()", "content"),
        ("sealed = NULL, salt = NULL", "content"),
        ("sealed = NULL, salt = NULL, actor_person_id = NULL, erased_at = now()", "erasure"),
        ("leaf = " + FLIP.format("leaf"), "leaf"),
        ("act = 'procedures.voted'", "leaf"),
        ("recorded_at = recorded_at + interval '1 microsecond'", "leaf"),
        ("subject_id = gen_random_uuid()", "leaf"),
        ("actor_post_id = gen_random_uuid()", "leaf"),
        ("trace = 'x'", "leaf"),
        ("entry_id = gen_random_uuid()", "leaf"),
    ],
)
def test_one_change_in_an_entry_is_found_and_named(change, kind):
    ids = ledger(7, 3)
    tamper(f"UPDATE audit_entry SET {change} WHERE leaf_index = 4")
    result = api.verify()
    assert not result.ok
    assert (result.faults[0].kind, result.faults[0].leaf_index) == (kind, 4)
    assert "Mục số 4 (mã " in result.faults[0].say
    assert result.say.startswith("Sổ cái có ")
    if "entry_id" not in change:
        assert result.faults[0].entry_id == ids[4]


@pytest.mark.django_db
def test_a_changed_entry_that_waits_for_its_leaf_is_found():
    entry_id = act()
    tamper("UPDATE audit_entry SET act = 'x'")
    [fault] = api.verify().faults
    assert (fault.kind, fault.entry_id) == ("leaf", entry_id)
    assert fault.say.startswith("Mục chưa có số (mã ")


@pytest.mark.django_db
def test_two_entries_that_changed_places_are_found():
    ledger(8)
    tamper("UPDATE audit_entry SET leaf_index = -1 WHERE leaf_index = 2")
    tamper("UPDATE audit_entry SET leaf_index = 2 WHERE leaf_index = 5")
    tamper("UPDATE audit_entry SET leaf_index = 5 WHERE leaf_index = -1")
    assert [(fault.kind, fault.leaf_index) for fault in api.verify().faults] == [
        ("order", 2),
        ("order", 5),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "say"),
    [
        ("leaf_index = 4", "Sổ cái mất mục số 4:"),
        ("leaf_index BETWEEN 2 AND 5", "Sổ cái mất mục từ số 2 đến số 5:"),
        ("leaf_index >= 6", "Sổ cái mất mục từ số 6 đến số 8:"),
    ],
)
def test_deleted_entries_are_found(where, say):
    ledger(8)
    tamper(f"DELETE FROM audit_entry WHERE {where}")
    [fault] = api.verify().faults
    assert fault.say.startswith(say)


@pytest.mark.django_db
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_one_byte_of_a_node_is_found(level):
    ledger(8)
    tamper(
        f"UPDATE audit_node SET hash = {FLIP.format('hash')} WHERE level = %s AND index = 0",
        [level],
    )
    faults = api.verify().faults
    assert faults[0].kind == ("node" if level else "order")
    assert faults[0].leaf_index == 0


@pytest.mark.django_db
def test_missing_and_extra_nodes_are_found():
    ledger(8)
    tamper("DELETE FROM audit_node WHERE level = 1 AND index = 1")
    tamper("INSERT INTO audit_node VALUES (1, 99, '\\x00')")
    assert [fault.say for fault in api.verify().faults] == [
        "Nút (1, 1) của cây, trên các mục từ số 2 đến số 3, bị mất.",
        "Nút (1, 99) nằm ngoài cây đã ký.",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "root = " + FLIP.format("root"),
        "checkpoint = replace(checkpoint, 'cuaso', 'cuasa')",
        "signed_at = signed_at + interval '1 second'",
        "key_id = '00000000'",
        "checkpoint = ''",
    ],
)
def test_one_change_in_a_head_is_found(change):
    ledger(3, 4)
    tamper(f"UPDATE audit_head SET {change} WHERE size = 4")
    [fault] = api.verify().faults
    assert fault.kind == "head"
    assert fault.say.startswith("Đầu cây 4 mục ")


@pytest.mark.django_db
def test_a_changed_public_key_is_found():
    ledger(3)
    tamper(f"UPDATE audit_key SET public_key = {FLIP.format('public_key')}")
    assert {fault.kind for fault in api.verify().faults} == {"key", "head"}


@pytest.mark.django_db
def test_a_ledger_rewritten_with_its_own_key_is_uncovered_by_a_witness(keys):
    ledger(3)
    kept = api.tree_head().checkpoint
    assert api.verify(witnessed=[kept]).ok
    ledger(2)
    assert api.verify(witnessed=[kept]).ok
    for table in ("audit_entry", "audit_node", "audit_head", "audit_key"):
        tamper(f"DELETE FROM {table}")
    ledger(1)
    assert api.verify().ok
    [fault] = api.verify(witnessed=[kept]).faults
    assert fault.say == "Sổ cái đã mất mục: đầu cây được giữ hộ có 4 mục."
    ledger(5)
    [fault] = api.verify(witnessed=[kept]).faults
    assert fault.say == "Sổ cái đã bị viết lại trong 4 mục đầu: khác đầu cây được giữ hộ."
    (keys / "ledger.generated.key").unlink()
    for table in ("audit_entry", "audit_node", "audit_head", "audit_key"):
        tamper(f"DELETE FROM {table}")
    ledger(5)
    [fault] = api.verify(witnessed=[kept]).faults
    assert fault.say == "Đầu cây được giữ hộ không do khóa nào của sổ cái này ký."


@pytest.mark.django_db
def test_erased_content_is_gone_and_every_proof_still_holds():
    ids = ledger(4)
    before = api.prove(ids[2])
    by = api.erase_content(actor=system("Sổ cái"), entry_id=ids[2], reason="Yêu cầu của công dân")
    api.sequence()
    entry = api.entry(ids[2])
    assert (entry.content, entry.actor_name, entry.person_id, entry.reason) == ({}, "", None, "")
    assert entry.erased_at is not None
    row = Entry.objects.get(entry_id=ids[2])
    assert (row.sealed, row.salt) == (None, None)
    proof = api.prove(ids[2])
    [public_key] = api.public_keys().values()
    assert (proof.sealed, proof.leaf) == (None, before.leaf)
    assert api.check_proof(proof, public_key=public_key).ok
    assert api.entry(by).reason == "Yêu cầu của công dân"
    assert api.verify().ok


@pytest.mark.django_db
def test_erasing_twice_or_without_a_reason_is_refused():
    [entry_id] = ledger(1)
    with pytest.raises(Invalid, match="Chưa ghi căn cứ"):
        api.erase_content(actor=ACTOR, entry_id=entry_id, reason="  ")
    assert api.entry(entry_id).content == {"number": 0}
    api.erase_content(actor=ACTOR, entry_id=entry_id, reason="Luật")
    count = Entry.objects.count()
    with pytest.raises(Conflict, match="đã được xóa trước"):
        api.erase_content(actor=ACTOR, entry_id=entry_id, reason="Luật")
    assert Entry.objects.count() == count


@pytest.mark.django_db
def test_the_signed_moment_is_the_head_moment():
    ledger(1)
    head = api.tree_head()
    assert head.signed_at.tzinfo is not None
    assert head.signed_at <= clock.now()
    assert f"signed-at {head.signed_at:%Y-%m-%dT%H:%M:%S.%fZ}" in head.checkpoint
