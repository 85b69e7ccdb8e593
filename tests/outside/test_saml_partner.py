"""pySAML2 as a service provider, its crypto xmlsec1, over a real socket to the house."""

import shutil

import httpx
import pytest

from cuaso.foundation.identity.provider.keys import stock
from cuaso.foundation.identity.saml.models import PartnerSession
from cuaso.foundation.identity.saml.tests import world as saml
from cuaso.foundation.identity.tests import world

pytestmark = pytest.mark.outside

PERSON = {"login": "tiepnhan.quynhon", "password": world.PASSWORD}
LEAVES = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


@pytest.fixture
def house(transactional_db, live_server, settings):
    """A running house with one official, its public address where it really listens."""
    assert shutil.which("xmlsec1"), "Thiếu xmlsec1: hãy cài gói xmlsec1 của hệ thống."
    settings.ROOT_URLCONF = "cuaso.foundation.identity.tests.urls"
    settings.PUBLIC_URL = live_server.url
    stock.forget()
    world.official(username=PERSON["login"], roles={"reception"})
    yield live_server.url
    stock.forget()


def test_KT_f3_a_partner_of_others_takes_our_assertion_and_signs_its_person_out(house, tmp_path):
    with httpx.Client(base_url=house, follow_redirects=True) as browser:
        provider = saml.Provider(tmp_path, encrypts=True)
        provider.trust(browser)
        saml.partner(provider)
        door = browser.get(provider.ask())
        token = world.found(door.text, r'csrfmiddlewaretoken" value="([^"]+)"')
        back = dict(door.url.params)["next"]
        login = {**PERSON, "csrfmiddlewaretoken": token, "next": back}
        page = browser.post("/dang-nhap/can-bo/", data=login).text
        if "SAMLResponse" not in page:
            page = browser.get(back).text
        assert saml.target_of(page) == provider.consumer
        read = provider.read(saml.fields_of(page))
        assert read.ava["cn"] == ["Lê Thị Tiếp Nhận"]
        assert read.session_info()["issuer"] == f"{house}/saml/metadata"
        mark, request = provider.client.create_logout_request(
            f"{house}/saml/slo",
            f"{house}/saml/metadata",
            name_id=read.name_id,
            session_indexes=[read.session_info()["session_index"]],
        )
        told = provider.client.apply_binding(
            saml.BINDING_HTTP_REDIRECT, str(request), f"{house}/saml/slo", sign=True, sigalg=LEAVES
        )
        address = saml.carried(told, saml.BINDING_HTTP_REDIRECT)
        gone = browser.get(address, follow_redirects=False).headers["location"]
        assert gone.startswith(f"{provider.leave_at}?")
        answer = provider.client.parse_logout_request_response(
            saml.query_of(gone)["SAMLResponse"][0], saml.BINDING_HTTP_REDIRECT
        )
        assert (answer.in_response_to, answer.status_ok()) == (mark, True)
        assert str(browser.get("/bao-mat/").url.path).startswith("/dang-nhap/")
    assert PartnerSession.objects.get().told_at is not None
