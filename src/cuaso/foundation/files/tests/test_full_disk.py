"""A citizen sends a file to a disk that is full: a plain refusal, and nothing accepted is lost."""

import os
import subprocess

import pytest

from cuaso.foundation.files import api
from cuaso.foundation.files.models import StoredFile, Upload
from cuaso.foundation.files.tests.test_store import ACTOR, store
from cuaso.kernel.errors import Unavailable

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a disk of its own size"),
]
SMALL = b"Ghi chu. " * 1_000
LARGE = b"Ghi chu. " * 60_000


@pytest.fixture(autouse=True)
def _small_disk(folder):
    """Let the folder be a disk of 256 KB."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False).returncode:
        pytest.skip("this machine mounts nothing")
    yield
    subprocess.run(["umount", str(folder)], check=True)


def chunks(content):
    return [content[at : at + 65_536] for at in range(0, len(content), 65_536)]


def test_a_citizen_sends_a_file_for_which_there_is_no_room_and_earlier_files_stay(on_disk):
    kept = store(SMALL, "nho.txt", "text/plain")
    with pytest.raises(Unavailable) as refused:
        store(chunks(LARGE), "lon.txt", "text/plain")
    assert (refused.value.code, refused.value.why) == (
        "files.disk",
        "Ổ đĩa của máy chủ đã hết chỗ.",
    )
    assert on_disk() == [kept.sha256]
    assert list(StoredFile.objects.values_list("id", flat=True)) == [kept.id]
    assert api.read_clean(kept.id) == SMALL
    again = store(SMALL + b"them", "nua.txt", "text/plain")
    assert api.info(again.id).size == len(SMALL) + 4


def test_a_citizen_whose_upload_finds_no_room_half_way_goes_on_where_it_stopped(folder):
    begun = api.begin(
        actor=ACTOR,
        name="lon.txt",
        declared_type="text/plain",
        size=80_000,
        limit_bytes=1 << 20,
        allowed=frozenset({"text/plain"}),
        owner_id=ACTOR.person_id,
    )
    filler = folder / "filler"
    first, rest = LARGE[:40_000], LARGE[40_000:80_000]
    api.append(upload_id=begun.id, offset=0, chunks=[first], actor=ACTOR)
    filler.write_bytes(b"x" * 190_000)
    with pytest.raises(Unavailable) as refused:
        api.append(upload_id=begun.id, offset=len(first), chunks=[rest], actor=ACTOR)
    assert refused.value.code == "files.disk"
    assert Upload.objects.get(pk=begun.id).received == len(first)
    filler.unlink()
    api.append(upload_id=begun.id, offset=len(first), chunks=[rest], actor=ACTOR)
    stored = api.finish(upload_id=begun.id, actor=ACTOR)
    assert api.read_clean(stored.id) == first + rest
