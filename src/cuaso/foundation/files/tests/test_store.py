import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID

import pytest
from django.db import connections, transaction
from PIL import Image

from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api
from cuaso.foundation.files.contracts import (
    DOCX,
    EVERY_TYPE,
    HEIC,
    JPEG,
    PAPERS,
    PDF,
    PNG,
    TEXT,
    XLSX,
)
from cuaso.foundation.files.logic import blobs, examine
from cuaso.foundation.files.models import StoredFile
from cuaso.foundation.files.tests import samples
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

ACTOR = Actor(kind="citizen", name="Trần Thị Bưởi", person_id=UUID(int=4))
NOON = datetime(2025, 8, 4, 5, 0, tzinfo=UTC)


def store(content, name="don.pdf", declared_type="", **given):
    chunks = content if not isinstance(content, bytes) else [content]
    options = {"limit_bytes": 1 << 20, "allowed": EVERY_TYPE, **given}
    return api.store(actor=ACTOR, name=name, declared_type=declared_type, chunks=chunks, **options)


@pytest.mark.django_db
def test_a_paper_is_stored_under_its_hash_and_read_back(folder, on_disk):
    content = samples.pdf()
    with clock.at(NOON):
        stored = store(content, "Đơn đề nghị.pdf", "application/pdf", owner_id=UUID(int=5))
    sha256 = hashlib.sha256(content).hexdigest()
    assert (stored.name, stored.media_type, stored.size) == ("Đơn đề nghị.pdf", PDF, len(content))
    assert (stored.sha256, stored.owner_id, stored.stored_at) == (sha256, UUID(int=5), NOON)
    assert on_disk() == [sha256]
    path = folder / sha256[:2] / sha256[2:4] / sha256
    assert path.stat().st_mode & 0o777 == 0o640
    assert api.info(stored.id) == stored
    assert api.read_clean(stored.id) == content
    [entry] = audit.history(Subject(kind="files.file", id=stored.id))
    assert (entry.act, entry.content["sha256"], entry.actor_name) == (
        "files.stored",
        sha256,
        "Trần Thị Bưởi",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ" + bytes(99), "a.pdf"),
        (bytes(range(256)), "a"),
        (b"\x00\x00\x00\x18ftypmp42", "a.mp4"),
    ],
)
def test_who_sends_what_no_paper_is_reads_only_the_types_that_are_taken_there(content, name):
    with pytest.raises(Invalid) as caught:
        store(content, name, allowed=frozenset({PDF}))
    assert caught.value.mend.endswith(": PDF.")
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_the_same_content_twice_is_one_blob_and_two_files(on_disk):
    first, second = store(samples.pdf(), "a.pdf"), store(samples.pdf(), "b.pdf")
    assert (first.id != second.id, first.sha256) == (True, second.sha256)
    assert on_disk() == [first.sha256]
    assert api.references(first.sha256) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (samples.pdf(), "a.PDF", PDF),
        (b"\xef\xbb\xbf\r\n" + samples.pdf(), "a.pdf", PDF),
        (samples.picture("JPEG"), "a.jpeg", JPEG),
        (samples.picture("PNG"), "a.png", PNG),
        (samples.picture("HEIF"), "IMG_1.HEIC", HEIC),
        (samples.office(), "a.docx", DOCX),
        (samples.office("xl/workbook.xml"), "a.xlsx", XLSX),
        ("Chữ Việt\n".encode(), "a.txt", TEXT),
    ],
)
def test_the_content_decides_the_type(content, name, found):
    assert store(content, name).media_type == found
    assert store(content, "không đuôi").media_type == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "declared", "code"),
    [
        (b"", "a.pdf", "", "files.empty"),
        (b"MZ\x90\x00" + bytes(99), "a.pdf", "", "files.program"),
        (b"\x7fELF" + bytes(99), "a", "", "files.program"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", "text/plain", "files.program"),
        (samples.picture("PNG"), "a.jpg", "", "files.type_differs"),
        (samples.picture("PNG"), "a.png", "image/jpeg", "files.type_differs"),
        (b"<html>", "a.pdf", "application/pdf", "files.type_differs"),
        (samples.pdf(), "a.pdf.exe", "", "files.type_unknown"),
        (bytes(range(256)), "a", "", "files.type_unknown"),
        (b"\xff\xfea\x00", "a.txt", "", "files.type_unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "a.docx", "", "files.old_office"),
        (samples.office("a.txt"), "a.docx", "", "files.archive"),
        (samples.office(xl__workbook_xml="x")[:-40], "a.docx", "", "files.broken"),
        (b"\xff\xd8\xff\xe0 not a picture", "a.jpg", "", "files.broken_picture"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "a.heic", "", "files.broken_picture"),
    ],
)
def test_what_is_not_what_it_claims_is_refused(content, name, declared, code, on_disk):
    with pytest.raises(Invalid) as caught:
        store(content, name, declared)
    assert caught.value.code == code
    assert caught.value.problems[0].field == "file"
    assert caught.value.what.endswith(".")
    assert on_disk() == []
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_a_macro_is_refused():
    content = samples.office(**{"word__vbaProject.bin": "x"})
    with pytest.raises(Invalid, match="macro"):
        store(content, "a.docx")


@pytest.mark.django_db
def test_a_type_that_this_place_does_not_take_is_refused():
    with pytest.raises(Invalid) as caught:
        store(b"chu", "a.txt", allowed=PAPERS)
    assert caught.value.what == "Chỗ này không nhận văn bản thuần (TXT)."
    assert caught.value.mend == "Hãy dùng một trong các loại: PDF, ảnh JPEG, ảnh PNG, ảnh HEIC."


@pytest.mark.django_db
def test_a_file_over_the_limit_is_refused_before_it_is_read_whole(on_disk):
    sent = []

    def endless():
        while True:
            sent.append(1)
            yield bytes(1000)

    with pytest.raises(Invalid) as caught:
        store(endless(), limit_bytes=1_572_864)
    assert caught.value.what == "Tệp lớn hơn mức cho phép (1,5 MB)."
    assert len(sent) == 1573
    assert on_disk() == []


@pytest.mark.django_db
def test_a_picture_over_fifty_megapixels_is_refused_without_unpacking(monkeypatch):
    output = BytesIO()
    Image.new("1", (10_000, 5_001)).save(output, "PNG")
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("unpacked"))
    with pytest.raises(Invalid, match="trên 50 triệu"):
        store(output.getvalue(), "a.png")


@pytest.mark.django_db
def test_a_big_picture_from_a_phone_is_taken():
    output = BytesIO()
    Image.new("L", (9_000, 5_500)).save(output, "JPEG")
    assert store(output.getvalue(), "a.jpg", limit_bytes=10 << 20).media_type == JPEG


@pytest.mark.django_db
def test_an_archive_that_bursts_is_refused(monkeypatch):
    monkeypatch.setattr(examine, "MOST_UNPACKED", 1 << 20)
    with pytest.raises(Invalid, match="bung ra quá lớn"):
        store(samples.office(big="0" * (2 << 20)), "a.docx")


@pytest.mark.django_db
def test_an_archive_that_lies_about_its_size_is_refused():
    content = samples.office(big="0" * 100_000)
    honest = (100_000).to_bytes(4, "little")
    assert content.count(honest) == 2
    with pytest.raises(Invalid) as caught:
        store(content.replace(honest, (10).to_bytes(4, "little")), "a.docx")
    assert caught.value.code == "files.broken"


@pytest.mark.django_db
def test_a_sender_who_breaks_off_leaves_nothing(on_disk):
    def broken():
        yield samples.pdf()
        raise ConnectionError("gone")

    with pytest.raises(Unavailable):
        store(broken())
    assert on_disk() == []
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_a_full_disk_is_said_in_a_sentence(monkeypatch, on_disk):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable) as caught:
        store(samples.pdf())
    assert (caught.value.code, caught.value.status) == ("files.disk", 503)
    assert on_disk() == []


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_rolled_back_leaves_no_file_and_its_content_is_swept(on_disk, folder):
    with transaction.atomic():
        stored = store(samples.pdf())
        transaction.set_rollback(True)
    with pytest.raises(NotFound):
        api.info(stored.id)
    assert api.gc() == 0
    grow_old(folder)
    assert api.gc() == 1
    assert on_disk() == []


def grow_old(folder, days=2):
    then = time.time() - days * 86_400
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


@pytest.mark.django_db
def test_sweeping_keeps_what_a_file_names(on_disk, folder):
    kept = store(samples.pdf())
    stray = folder / "ab" / "cd" / ("abcd" + "0" * 60)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    (folder / "parts" / "old.draft").write_bytes(b"half")
    grow_old(folder)
    (folder / "parts" / "new.draft").write_bytes(b"half")
    assert api.gc() == 2
    assert on_disk() == sorted([kept.sha256, "new.draft"])
    assert api.read_clean(kept.id) == samples.pdf()


@pytest.mark.django_db(transaction=True)
def test_sweeping_waits_for_whoever_stores_the_same_content(folder, on_disk):
    with transaction.atomic():
        store(samples.pdf())
        transaction.set_rollback(True)
    grow_old(folder)
    held, go = threading.Event(), threading.Event()

    def again():
        try:
            with transaction.atomic():
                store(samples.pdf())
                held.set()
                go.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=again)
    thread.start()
    held.wait(10)
    grow_old(folder)
    assert api.gc() == 0
    go.set()
    thread.join()
    assert api.gc() == 0
    assert len(on_disk()) == 1


def test_a_process_killed_while_writing_leaves_no_content(folder, on_disk):
    program = f"""
import sys, time
sys.path.insert(0, "src")
from django.conf import settings
settings.configure(CUASO_FILES={str(folder)!r})
from cuaso.foundation.files.logic import blobs
def chunks():
    yield b"%PDF-1.7 half"
    print("written", flush=True)
    time.sleep(60)
with blobs.drafting(chunks(), limit_bytes=1000) as draft:
    blobs.settle(draft)
"""
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"written\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    [left] = on_disk()
    assert left.endswith(".draft")


@pytest.mark.django_db
def test_lost_or_changed_content_is_never_given_out(folder):
    stored = store(samples.pdf())
    path = blobs.place(stored.sha256)
    path.write_bytes(samples.pdf() + b"x")
    with pytest.raises(Unavailable, match="đã bị thay đổi"):
        api.read_clean(stored.id)
    path.unlink()
    with pytest.raises(Unavailable, match="không còn trên máy chủ"):
        api.read_clean(stored.id)


@pytest.mark.django_db
def test_a_pdf_with_a_password_asks_for_one_without():
    stored = store(samples.pdf(user="bí mật"))
    assert stored.state == "unscannable"
    assert "không đặt mật khẩu" in stored.say
    with pytest.raises(Conflict) as caught:
        api.open_clean(stored.id)
    assert (caught.value.code, caught.value.why) == ("files.unscannable", stored.say)


@pytest.mark.django_db
def test_a_pdf_that_only_its_owner_locked_opens():
    assert store(samples.pdf(owner="chủ")).state == "unscanned"


@pytest.mark.django_db
def test_what_the_house_made_is_clean_at_once(settings):
    settings.MODE = "production"
    content = samples.pdf()
    stored = api.store_bytes(actor=ACTOR, name="ket-qua", media_type=PDF, content=content)
    assert (stored.name, stored.state, stored.say) == ("ket-qua.pdf", "clean", "")
    assert api.read_clean(stored.id) == content


@pytest.mark.django_db
def test_what_came_from_outside_in_memory_is_examined_too():
    with pytest.raises(Invalid):
        api.store_bytes(
            actor=ACTOR, name="a.pdf", media_type=PDF, content=b"MZ", made_by_house=False
        )
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\An\\đơn.pdf", "đơn.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ('x"<y>\r\n.PDF', "xy.pdf"),
        ("tha\u0301ng 8.pdf", "tháng 8.pdf"),
        (".pdf", "tep.pdf"),
        ("a" * 400 + ".pdf", "a" * 150 + ".pdf"),
        ("Nghị định 30.2020 về văn thư", "Nghị định 30.2020 về văn thư.pdf"),
    ],
)
def test_a_name_is_made_safe_to_show_and_to_download(given, kept):
    assert store(samples.pdf(), given).name == kept


@pytest.mark.django_db
def test_an_unknown_file_is_not_found():
    with pytest.raises(NotFound):
        api.info(new_id())
    assert api.infos((new_id(),)) == {}
