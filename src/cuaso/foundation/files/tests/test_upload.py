import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connections

from cuaso.foundation.files import api
from cuaso.foundation.files.contracts import EVERY_TYPE, PDF
from cuaso.foundation.files.logic import blobs
from cuaso.foundation.files.models import StoredFile, Upload
from cuaso.foundation.files.tests import samples
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotFound, TooMany

ACTOR = Actor(kind="citizen", name="Trần Thị Bưởi", person_id=UUID(int=4))
STRANGER = Actor(kind="citizen", name="Người lạ", person_id=UUID(int=5))
CONTENT = samples.pdf()
NOON = datetime(2025, 8, 4, 5, 0, tzinfo=UTC)


SIZE = len(CONTENT)


def begin(size=SIZE, name="don.pdf", limit=1 << 20):
    return api.begin(
        actor=ACTOR,
        name=name,
        declared_type=PDF,
        size=size,
        limit_bytes=limit,
        allowed=EVERY_TYPE,
        owner_id=UUID(int=9),
    )


def append(upload, offset, content, actor=ACTOR):
    return api.append(actor=actor, upload_id=upload.id, offset=offset, chunks=[content])


def finish(upload, actor=ACTOR):
    return api.finish(actor=actor, upload_id=upload.id)


@pytest.mark.django_db
def test_a_file_sent_in_parts_arrives_whole(on_disk):
    upload = begin()
    assert append(upload, 0, CONTENT[:100]).received == 100
    assert api.upload(actor=ACTOR, upload_id=upload.id).received == 100
    assert append(upload, 100, CONTENT[100:]).received == len(CONTENT)
    stored = finish(upload)
    assert (stored.name, stored.owner_id) == ("don.pdf", UUID(int=9))
    assert api.read_clean(stored.id) == CONTENT
    assert on_disk() == [stored.sha256]
    assert finish(upload) == stored
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db
def test_a_part_at_another_offset_is_told_where_to_go_on():
    upload = begin()
    append(upload, 0, CONTENT[:100])
    for offset in (0, 99, 101):
        with pytest.raises(Conflict) as caught:
            append(upload, offset, b"x")
        assert caught.value.code == "files.wrong_offset"
        assert caught.value.data == {"expected": 100}
        assert caught.value.mend == "Hãy gửi tiếp từ byte 100."
    assert api.upload(actor=ACTOR, upload_id=upload.id).received == 100


@pytest.mark.django_db
def test_what_arrived_before_the_line_broke_stays():
    upload = begin()

    def broken():
        yield CONTENT[:70]
        raise ValueError("line broke")

    with pytest.raises(ValueError, match="line broke"):
        api.append(actor=ACTOR, upload_id=upload.id, offset=0, chunks=broken())
    append(upload, 70, CONTENT[70:])
    assert api.read_clean(finish(upload).id) == CONTENT


@pytest.mark.django_db
def test_bytes_that_a_killed_process_did_not_count_are_written_again():
    upload = begin()
    append(upload, 0, CONTENT[:100])
    with blobs.part(upload.id).open("ab") as part:
        part.write(b"uncounted")
    append(upload, 100, CONTENT[100:])
    assert api.read_clean(finish(upload).id) == CONTENT


@pytest.mark.django_db
def test_finishing_too_early_says_how_much_is_missing():
    upload = begin()
    append(upload, 0, CONTENT[:100])
    with pytest.raises(Conflict) as caught:
        finish(upload)
    assert (caught.value.code, caught.value.data) == ("files.upload_incomplete", {"expected": 100})
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_more_than_was_announced_is_refused():
    upload = begin(size=50)
    with pytest.raises(Invalid, match="Tệp lớn hơn mức cho phép"):
        append(upload, 0, CONTENT)
    assert api.upload(actor=ACTOR, upload_id=upload.id).received == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"size": 0}, "files.empty"),
        ({"size": 2 << 20}, "files.too_large"),
        ({"name": "virus.exe"}, "files.type_unknown"),
    ],
)
def test_an_upload_that_cannot_end_well_is_refused_at_once(given, code):
    with pytest.raises(Invalid) as caught:
        begin(**given)
    assert caught.value.code == code
    assert not Upload.objects.exists()


@pytest.mark.django_db
def test_content_of_another_kind_is_refused_at_the_end():
    upload = begin(size=4)
    append(upload, 0, b"text")
    with pytest.raises(Invalid) as caught:
        finish(upload)
    assert caught.value.code == "files.type_differs"
    assert not StoredFile.objects.exists()
    assert Upload.objects.get().file_id is None


@pytest.mark.django_db
def test_a_stranger_knows_nothing_of_an_upload():
    upload = begin()
    with pytest.raises(NotFound):
        append(upload, 0, CONTENT, actor=STRANGER)
    with pytest.raises(NotFound):
        finish(upload, actor=STRANGER)
    with pytest.raises(NotFound):
        api.upload(actor=STRANGER, upload_id=upload.id)
    assert Upload.objects.get().received == 0


@pytest.mark.django_db
def test_an_upload_lives_for_a_day(on_disk):
    with clock.at(NOON):
        upload = begin()
        append(upload, 0, CONTENT[:10])
    assert upload.expires_at == NOON + timedelta(hours=24)
    with clock.at(NOON + timedelta(hours=23)):
        append(upload, 10, CONTENT[10:20])
        assert api.gc() == 0
    with clock.at(NOON + timedelta(hours=24)):
        with pytest.raises(NotFound):
            append(upload, 20, CONTENT[20:])
        assert api.gc() == 1
    assert on_disk() == []
    assert not Upload.objects.exists()


@pytest.mark.django_db
def test_nobody_may_keep_very_many_uploads_open():
    for _ in range(30):
        begin()
    with pytest.raises(TooMany):
        begin()
    assert Upload.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_once_do_not_mix():
    upload = begin()
    inside, go, outcome = threading.Event(), threading.Event(), []

    def slow():
        yield CONTENT[:60]
        inside.set()
        go.wait(10)
        yield CONTENT[60:]

    def first():
        try:
            outcome.append(
                api.append(actor=ACTOR, upload_id=upload.id, offset=0, chunks=slow()).received
            )
        finally:
            connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(10)
    with pytest.raises(Conflict) as caught:
        append(upload, 0, CONTENT)
    assert caught.value.code == "files.upload_busy"
    go.set()
    thread.join()
    assert outcome == [len(CONTENT)]
    assert api.read_clean(finish(upload).id) == CONTENT
