"""KT-f1: connected systems get photographs by SCIM, where the person consented and no further."""

from io import BytesIO

import pytest
from PIL import Image

from cuaso.capabilities.provisioning import api as provisioning
from cuaso.foundation.identity import api as identity
from tests.rest.test_scim import ADMIN, Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(official):
    """The account of Quy Nhơn's leader, whose photograph is kept; and who it is."""
    leader = official("leader")
    picture = BytesIO()
    Image.new("RGB", (60, 80), "teal").save(picture, "PNG")
    provisioning.keep_photo(content=picture.getvalue(), consent=True, actor=leader)
    provisioning.look_again()
    while provisioning.revise():
        pass
    return identity.accounts_of([leader.person_id])[leader.person_id].id, leader


def caller(agency_id=None):
    _, token = provisioning.open_system(
        name=f"Cổng nội bộ {agency_id}", agency_id=agency_id, may_write=False, actor=ADMIN
    )
    return Caller(token)


def test_kt_f1_a_system_reads_where_the_photograph_is_and_gets_the_jpeg(shown):
    account_id, _leader = shown
    reader = caller()
    (photo,) = reader.get(f"/Users/{account_id}").json()["photos"]
    assert (photo["type"], photo["primary"]) == ("photo", True)
    path = photo["value"].partition("/scim/v2")[2]
    answer = reader.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(BytesIO(answer.content)).size == (60, 80)


def test_without_a_token_or_outside_its_scope_no_photograph_is_given(shown, official):
    account_id, _leader = shown
    path = f"/Photos/{account_id}.jpg"
    refused = Caller("khong-phai-ma").get(path)
    assert refused.status_code == 401
    assert refused.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    elsewhere = caller(official("leader", "21592").agency_id)
    assert elsewhere.get(path).status_code == 404


def test_consent_taken_back_takes_the_photograph_out_of_scim(shown):
    account_id, leader = shown
    provisioning.drop_photo(actor=leader)
    while provisioning.revise():
        pass
    reader = caller()
    assert "photos" not in reader.get(f"/Users/{account_id}").json()
    assert reader.get(f"/Photos/{account_id}.jpg").status_code == 404
