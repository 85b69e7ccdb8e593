import json

import pytest

from cuaso.kernel.errors import Invalid, Unavailable
from cuaso.services.national_portal.logic import wire

APPLICANT = {"personal_number": "052196000122", "name": "Võ Thị Hạ Lam"}
SOUND = {
    "code": "QG-1",
    "procedure_code": "1.001193",
    "applicant": APPLICANT,
    "values": {"request.office": "21583"},
}


def read(**changed):
    return wire.read_submission(json.dumps({**SOUND, **changed}).encode())


def test_what_is_told_is_read_and_what_is_not_told_is_empty():
    asked = read()
    assert (asked.code, asked.agency_code, asked.attachments) == ("QG-1", "", ())
    assert (asked.applicant.birth_date, asked.applicant.phone) == (None, "")


def test_where_a_file_lies_is_no_part_of_what_a_dossier_says():
    paper = {"component": "a", "name": "a.pdf", "media_type": "application/pdf", "sha256": "0" * 64}
    first = read(attachments=[{**paper, "url": "http://x/1"}])
    moved = read(attachments=[{**paper, "url": "http://x/2"}])
    other = read(attachments=[{**paper, "url": "http://x/1", "sha256": "1" * 64}])
    assert wire.digest(first) == wire.digest(moved) != wire.digest(other)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"code": None}, ["code"]),
        ({"code": "mã số"}, ["code"]),
        ({"code": "a" * 61}, ["code"]),
        ({"applicant": []}, ["applicant"]),
        ({"applicant": {"personal_number": 5, "name": "\x00"}},
         ["applicant.personal_number", "applicant.name"]),
        ({"applicant": {**APPLICANT, "sex": "x", "birth_date": "hôm qua"}},
         ["applicant.birth_date", "applicant.sex"]),
        ({"values": {"A B": "x"}}, ["values.A B"]),
        ({"values": {"a": {"b": "x"}}}, ["values.a"]),
        ({"values": {"a": "x" * 10_001}}, ["values.a"]),
        ({"values": {f"a{n}": "" for n in range(501)}}, ["values"]),
        ({"attachments": {}}, ["attachments"]),
        ({"attachments": [1]}, ["attachments.0." + name
                                for name in ("url", "component", "name", "media_type", "sha256")]),
        ({"attachments": [{"component": "a", "name": "a", "media_type": "a", "sha256": "0",
                           "content": "không phải base64"}]}, ["attachments.0.content"]),
    ],
)  # fmt: skip
def test_every_fault_is_named_by_its_path(changed, fields):
    with pytest.raises(Invalid) as refused:
        read(**changed)
    assert [one.field for one in refused.value.problems] == fields


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(body):
    with pytest.raises(Invalid) as refused:
        wire.read_submission(body)
    assert refused.value.code == "national_portal.unreadable"


@pytest.mark.parametrize(
    "told",
    [{}, {"items": [], "more": 1}, {"items": [1], "more": False}, {"items": [{}], "more": False}],
)
def test_a_list_of_the_portal_that_means_nothing_is_not_believed(told):
    with pytest.raises(Unavailable):
        wire.read_page(told)
