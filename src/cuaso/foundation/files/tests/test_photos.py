from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from cuaso.foundation.files import api
from cuaso.foundation.files.contracts import (
    EVERY_TYPE,
    PDF,
)
from cuaso.foundation.files.logic import pictures
from cuaso.foundation.files.models import StoredFile
from cuaso.foundation.files.tests import samples
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid

ACTOR = Actor(kind="citizen", name="Trần Thị Bưởi", person_id=UUID(int=4))


def store(content, name="don.pdf"):
    return api.store(
        actor=ACTOR,
        name=name,
        declared_type="",
        chunks=[content],
        limit_bytes=1 << 20,
        allowed=EVERY_TYPE,
    )


def exif(orientation=None, gps=False):
    found = Image.Exif()
    if orientation:
        found[0x0112] = orientation
    if gps:
        found[0x8825] = {1: "N", 2: (13.0, 46.0, 0.0)}
    found[0x010F] = "PhoneMaker"
    return found


@pytest.mark.django_db
def test_photos_become_one_upright_pdf_without_their_place():
    photos = [
        store(samples.picture("JPEG", (400, 300), "red", exif(6, gps=True)), "1.jpg"),
        store(samples.picture("PNG", (400, 300)), "2.png"),
        store(samples.picture("HEIF", (300, 400)), "3.heic"),
    ]
    made = api.photos_to_pdf([photo.id for photo in photos], ACTOR, owner_id=UUID(int=5))
    content = api.read_clean(made.id)
    assert (made.media_type, made.state, made.owner_id) == (PDF, "clean", UUID(int=5))
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") >= 3
    assert b"PhoneMaker" not in content
    assert b"GPS" not in content


def test_a_photo_taken_sideways_stands_upright_on_its_page():
    left, right = Image.new("RGB", (200, 300), "red"), Image.new("RGB", (200, 300), "blue")
    wide = Image.new("RGB", (400, 300))
    wide.paste(left, (0, 0))
    wide.paste(right, (200, 0))
    output = BytesIO()
    wide.save(output, "JPEG", exif=exif(6), quality=95)
    page = pictures._page(output.getvalue())
    assert page.size == (1654, 2339)
    assert page.crop((827, 1000, 828, 1001)).tobytes()[0] > 200
    assert page.crop((827, 1340, 828, 1341)).tobytes()[2] > 200


def test_a_transparent_picture_is_put_on_white():
    output = BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(output, "PNG")
    assert pictures._page(output.getvalue()).getpixel((827, 1169)) == (255, 255, 255)


@pytest.mark.django_db
def test_binding_needs_photos_and_not_too_many():
    paper = store(samples.pdf())
    count = StoredFile.objects.count()
    for ids in ([], [paper.id] * 21, [paper.id]):
        with pytest.raises(Invalid):
            api.photos_to_pdf(ids, ACTOR)
    half = samples.picture("JPEG", (400, 300), "red")
    torn = store(half[: len(half) // 2], "x.jpg")
    with pytest.raises(Invalid, match="Ảnh bị hỏng"):
        api.photos_to_pdf([torn.id], ACTOR)
    assert StoredFile.objects.count() == count + 1
