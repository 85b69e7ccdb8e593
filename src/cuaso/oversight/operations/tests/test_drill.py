"""The drill: a house is backed up, lost, and brought back from nothing but the backup."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest

from cuaso.kernel.errors import Invalid
from cuaso.oversight.operations import api
from cuaso.oversight.operations.tests.conftest import LIFE, PASSPHRASE, READ, Ground


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A house that lived, its backup, and what it said of itself before it was lost."""

    ground: Ground
    backup: Path
    size: str
    root: str
    file_id: str


@pytest.fixture(scope="module")
def lost(new_ground, tmp_path_factory):
    with new_ground(migrated=True) as ground:
        lived = ground.run("-c", LIFE)
        assert lived.returncode == 0, lived.stderr
        size, root, file_id, _ = lived.stdout.split()
        backup = tmp_path_factory.mktemp("backups") / "first"
        saved = ground.cuaso("backup", "--to", str(backup))
        assert saved.returncode == 0, saved.stderr
        yield Lost(ground=ground, backup=backup, size=size, root=root, file_id=file_id)


def test_a_lost_house_comes_back_with_its_ledger_proven(lost, new_ground):
    with new_ground(migrated=False) as empty:
        restored = empty.cuaso("restore", str(lost.backup))
        assert restored.returncode == 0, restored.stderr
        assert f"Sổ cái nguyên vẹn: {lost.size} mục" in restored.stdout
        assert re.search(r"\(RTO\) \d+\.\d giây", restored.stdout) is not None
        read = empty.run("-c", READ, lost.file_id)
        assert read.stdout.split("\n")[0] == f"{lost.size} {lost.root} kết quả True"
        again = empty.cuaso("restore", str(lost.backup))
    assert again.returncode == 1
    assert "Chỉ khôi phục vào nơi trống." in again.stderr


def test_nothing_in_a_backup_can_be_read_without_the_key(lost):
    content = b"".join(path.read_bytes() for path in lost.backup.iterdir())
    assert content.count(b"age-encryption.org/v1") == 5
    for secret in (b"drill.act", "kết quả".encode(), b"PRIVATE KEY", lost.root.encode()):
        assert secret not in content


def test_a_wrong_passphrase_opens_nothing(lost):
    with pytest.raises(Invalid) as refused:
        api.opener(folder=lost.backup, passphrase="một cụm khác hẳn")
    assert refused.value.code == "backup.wrong_key"


@pytest.mark.parametrize(
    "part", ["database.pgdump.age", "files.tar.age", "keys.tar.age", "manifest.json.age"]
)
def test_one_flipped_byte_is_found_before_anything_is_touched(lost, tmp_path, part):
    damaged = tmp_path / "damaged"
    shutil.copytree(lost.backup, damaged)
    content = bytearray((damaged / part).read_bytes())
    content[len(content) // 2] ^= 1
    (damaged / part).write_bytes(content)
    key = api.opener(folder=damaged, passphrase=PASSPHRASE)
    with pytest.raises(Invalid) as refused:
        api.read_manifest(folder=damaged, opener=key)
    assert refused.value.what == f"Bản sao lưu hỏng hoặc thiếu: {part}."


def test_a_missing_part_is_found_too(lost, tmp_path):
    damaged = tmp_path / "damaged"
    shutil.copytree(lost.backup, damaged)
    (damaged / "keys.tar.age").unlink()
    key = api.opener(folder=damaged, passphrase=PASSPHRASE)
    with pytest.raises(Invalid):
        api.read_manifest(folder=damaged, opener=key)


def test_a_backup_never_writes_over_another(lost):
    before = {path.name: path.read_bytes() for path in lost.backup.iterdir()}
    refused = lost.ground.cuaso("backup", "--to", str(lost.backup))
    assert refused.returncode == 1
    assert "Bản sao lưu không bao giờ ghi đè bản trước." in refused.stderr
    assert {path.name: path.read_bytes() for path in lost.backup.iterdir()} == before


def test_a_backup_for_a_key_pair_is_opened_by_the_private_key_alone(lost, new_ground, tmp_path):
    identity = pyrage.x25519.Identity.generate()
    secret = tmp_path / "khoa.txt"
    secret.write_text(f"# created\n{identity}\n")
    target = tmp_path / "second"
    saved = lost.ground.cuaso(
        "backup", "--to", str(target), "--recipient", str(identity.to_public())
    )
    assert saved.returncode == 0, saved.stderr
    with pytest.raises(Invalid):
        api.opener(folder=target, passphrase=PASSPHRASE)
    with new_ground(migrated=False) as empty:
        restored = empty.cuaso("restore", str(target), "--identity", str(secret))
    assert restored.returncode == 0, restored.stderr


def test_a_ledger_that_differs_from_the_manifest_is_not_accepted(lost, tmp_path):
    claims = ("--prove", lost.size, "0" * 64)
    refused = lost.ground.cuaso("restore", str(tmp_path), *claims)
    assert refused.returncode == 1
    assert "không trùng với gốc ghi trong bản sao lưu" in refused.stderr


def test_the_auditor_verifies_the_whole_ledger_from_the_command_line(lost):
    verified = lost.ground.cuaso("audit", "verify")
    assert verified.returncode == 0, verified.stderr
    assert f"{lost.size} mục trong cây, 0 mục đang chờ" in verified.stdout
