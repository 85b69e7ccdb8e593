"""From the dossier's page to a copy whose place and look are read from the produced PDF."""

import re
import subprocess

import pytest
from django.urls import reverse

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.audit import api as audit
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures

pytestmark = pytest.mark.django_db
WORD = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)<')
AGENCY = "Ủy ban nhân dân phường Quy Nhơn"


@pytest.fixture
def issued(proposed, official):
    procedures.approve(id=proposed, actor=official("leader"))
    procedures.seal(id=proposed, actor=official("clerk"))
    return proposed


def words(pdf, folder):
    """Words of page 1 and their places, from the upper left corner, as poppler reads them."""
    (folder / "a.pdf").write_bytes(pdf)
    command = ["pdftotext", "-bbox", "-l", "1", folder / "a.pdf", "-"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [(text, tuple(map(float, place))) for *place, text in WORD.findall(said)]


def copies_of(dossier_id):
    acts = audit.history(Subject(kind="procedures.dossier", id=dossier_id))
    return [one for one in acts if one.act == "procedures.copied"]


@pytest.mark.outside
@pytest.mark.parametrize(
    "kind", [("sao y", "", "Sao y"), ("sao lục", "", "Sao lục"), ("trích sao", "1", "Trích sao")]
)
def test_kt_h3_the_seal_keeper_copies_a_result_with_its_mark_in_the_upper_right_corner(
    sign_in, issued, official, tmp_path, kind
):
    form, pages, says = kind
    clerk = sign_in("clerk")
    where = reverse("desk:copies", args=[issued])
    assert where in clerk.get(reverse("desk:dossier", args=[issued])).content.decode()
    answer = clerk.post(where, {"form": form, "pages": pages})
    assert (answer.status_code, answer["Location"]) == (302, where)
    (made,) = procedures.copies(id=issued, actor=official("clerk"))
    assert (made.form, made.pages) == (form, pages)
    link = reverse("desk:copy", args=[issued, made.file_id])
    assert link in clerk.get(where).content.decode()
    copy = b"".join(clerk.get(link).streaming_content)
    (one,) = signing.verify(copy).signatures
    assert (one.ok, one.kind, one.signer, one.level) == (True, "agency", AGENCY, "B-T")

    seen = words(copy, tmp_path)
    text = " ".join(word for word, _ in seen)
    mark = re.search(rf"{says} {AGENCY} \d\d/\d\d/\d{{4}} \d\d:\d\d:\d\d \+07:00", text)
    assert mark is not None
    length = len(mark[0].split())
    start = len(text[: mark.start()].split())
    told, others = seen[start : start + length], seen[:start] + seen[start + length :]
    assert 595 - max(place[2] for _, place in told) == pytest.approx(20, abs=1)
    assert max(place[3] for _, place in told) < 70
    # What the result says stands in the copy, number and date with it, and under no mark.
    result = procedures.dossier(id=issued, actor=official("clerk")).result
    assert result is not None
    assert result.number in text
    assert not any(overlaps(place, other) for _, place in told for _, other in others)
    (act,) = copies_of(issued)
    assert (act.content["form"], act.content["file"]) == (form, str(made.file_id))


def overlaps(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"form": "chép tay"}, "form"),
        ({"form": "trích sao", "pages": ""}, "pages"),
        ({"form": "trích sao", "pages": "1;2"}, "pages"),
    ],
)
def test_a_form_that_is_none_or_pages_unsaid_make_no_copy(sign_in, issued, typed, field):
    answer = sign_in("clerk").post(reverse("desk:copies", args=[issued]), typed)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.content.decode()
    assert copies_of(issued) == []


def test_a_page_that_the_result_has_not_is_refused_with_their_number(sign_in, issued):
    answer = sign_in("clerk").post(
        reverse("desk:copies", args=[issued]), {"form": "trích sao", "pages": "7"}
    )
    assert answer.status_code == 422
    assert "không sao được trang đã chọn" in answer.content.decode()
    assert copies_of(issued) == []


def test_others_than_the_issuers_seal_keeper_make_and_see_no_copies(sign_in, issued, official):
    where = reverse("desk:copies", args=[issued])
    assert sign_in("leader").post(where, {"form": "sao y"}).status_code == 403
    assert sign_in("clerk", "21592").post(where, {"form": "sao y"}).status_code in (403, 404)
    procedures.copy_result(id=issued, form="sao y", pages="", actor=official("clerk"))
    (made,) = procedures.copies(id=issued, actor=official("clerk"))
    link = reverse("desk:copy", args=[issued, made.file_id])
    assert sign_in("clerk", "21592").get(link).status_code == 403
    strange = reverse("desk:copy", args=[issued, issued])
    assert sign_in("clerk").get(strange).status_code == 404


def test_a_signed_result_that_is_not_issued_yet_is_not_copied(sign_in, proposed, official):
    procedures.approve(id=proposed, actor=official("leader"))
    answer = sign_in("clerk").post(reverse("desk:copies", args=[proposed]), {"form": "sao y"})
    assert answer.status_code == 409
    assert "không có kết quả đang có hiệu lực" in answer.content.decode()
    assert copies_of(proposed) == []


def test_with_the_time_stamp_down_no_copy_is_made_and_it_is_said(sign_in, issued, outside):
    outside.fault(outside.timestamp, "down")
    answer = sign_in("clerk").post(reverse("desk:copies", args=[issued]), {"form": "sao y"})
    assert answer.status_code == 503
    assert "thời gian" in answer.content.decode()
    assert copies_of(issued) == []
