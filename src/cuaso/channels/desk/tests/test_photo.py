from io import BytesIO

import pytest
from PIL import Image

pytestmark = pytest.mark.django_db
PHOTO = "/ban-lam-viec/anh/"


def file(content=None, name="anh.png"):
    if content is None:
        output = BytesIO()
        Image.new("RGB", (60, 80), "teal").save(output, "PNG")
        content = output.getvalue()
    made = BytesIO(content)
    made.name = name
    return made


def test_an_officer_keeps_a_photograph_sees_it_and_takes_it_away(sign_in):
    client = sign_in("handler")
    assert client.get(f"{PHOTO}cua-toi.jpg").status_code == 404
    answer = client.post(PHOTO, {"act": "keep", "consent": "true", "photo": file()}, follow=True)
    said = answer.content.decode()
    assert "Đã lưu ảnh." in said
    assert f'src="{PHOTO}cua-toi.jpg"' in said
    shown = client.get(f"{PHOTO}cua-toi.jpg")
    assert Image.open(BytesIO(shown.content)).format == "JPEG"
    gone = client.post(PHOTO, {"act": "drop"}, follow=True)
    assert "Đã gỡ ảnh khỏi danh bạ." in gone.content.decode()
    assert client.get(f"{PHOTO}cua-toi.jpg").status_code == 404


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"photo": file(b"x")}, "consent"),
        ({"consent": "true"}, "photo"),
    ],
)
def test_without_consent_or_a_file_the_page_says_where(sign_in, told, field):
    client = sign_in("handler")
    answer = client.post(PHOTO, {"act": "keep", **told})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.content.decode()
    assert client.get(f"{PHOTO}cua-toi.jpg").status_code == 404
