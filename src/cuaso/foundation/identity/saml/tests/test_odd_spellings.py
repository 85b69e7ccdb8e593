"""What libraries of others send and describe in their own spelling, and what no text can hold."""

import re
import zlib
from base64 import b64decode
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cuaso.foundation.identity.saml.models import ParkedSignIn
from cuaso.foundation.identity.saml.partners.read_metadata import read_metadata
from cuaso.foundation.identity.saml.tests import world
from cuaso.kernel.errors import Invalid

KEY_INFO = re.compile(r"<(\w+:)?KeyInfo.*?</(\w+:)?KeyInfo>", re.DOTALL)
DATA = re.compile(r"<(\w+:)?X509Data.*?</(\w+:)?X509Data>", re.DOTALL)


def squeezed(content):
    opener = zlib.compressobj(wbits=-15)
    return opener.compress(content) + opener.flush()


@pytest.mark.parametrize("way", ["address", "form"])
def test_a_state_that_no_text_can_hold_is_refused_in_words(person, tmp_path, way):
    provider = world.Provider(tmp_path, signs=False)
    provider.trust(person)
    world.partner(provider)
    if way == "address":
        address = re.sub(r"RelayState=[^&]*", "RelayState=a%00b", provider.ask(sign=False))
        answer = person.get(address)
    else:
        form = provider.ask(binding=world.BINDING_HTTP_POST, sign=False)
        answer = person.post(
            "/saml/sso",
            urlencode(form | {"RelayState": "a\x00b"}),
            content_type="application/x-www-form-urlencoded",
        )
    assert (answer.status_code, ParkedSignIn.objects.count()) == (400, 0)
    assert "saml.unreadable" in answer.content.decode()


def test_a_system_signs_a_space_in_one_spelling_and_sends_it_in_another(person, provider, partner):
    asked = provider.ask(relay="nơi cũ")
    assert asked.count("+") == 1
    signed = asked.partition("?")[2].replace("+", "%20").rpartition("&Signature=")[0]
    key = load_pem_private_key(world.key_pair("doi-tac")[0].encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    mark = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    words = asked.rpartition("&Signature=")[0]
    answer = person.get(f"{words}&{urlencode({'Signature': world.encoded(mark)})}")
    assert answer.status_code == 303
    assert ParkedSignIn.objects.get().relay_state == "nơi cũ"
    other = person.get(
        f"{words.replace('+', '%2B')}&{urlencode({'Signature': world.encoded(mark)})}"
    )
    assert (other.status_code, ParkedSignIn.objects.count()) == (400, 1)


def test_a_system_squeezes_its_request_in_a_form_as_node_saml_does(person, provider, partner):
    form = provider.ask(binding=world.BINDING_HTTP_POST)
    plain = b64decode(form["SAMLRequest"])
    answer = person.post("/saml/sso", form | {"SAMLRequest": world.encoded(squeezed(plain))})
    assert (answer.status_code, ParkedSignIn.objects.count()) == (303, 1)


@pytest.mark.parametrize("content", [b"\x00" * 5_000_000, b"<a>" * 100_000], ids=["bomb", "long"])
def test_what_a_form_holds_squeezed_is_never_blown_up(person, provider, partner, content):
    answer = person.post("/saml/sso", {"SAMLRequest": world.encoded(squeezed(content))})
    assert (answer.status_code, ParkedSignIn.objects.count()) == (400, 0)
    assert "saml.too_large" in answer.content.decode()


@pytest.mark.parametrize("part", [KEY_INFO, DATA])
def test_a_description_whose_keys_hold_nothing_is_refused_in_words(provider, part):
    told = part.sub("", provider.metadata)
    assert told != provider.metadata
    with pytest.raises(Invalid) as refusal:
        read_metadata(told)
    assert refusal.value.problems[0].say == "Thiếu chứng thư ký (KeyDescriptor) của hệ thống."


@pytest.mark.parametrize(
    "change",
    [
        ("https://doi-tac.example/acs", "https://doi-tac.example:99999/acs"),
        ("https://doi-tac.example/acs", "https://[doi-tac.example/acs"),
        ("https://doi-tac.example/acs", "javascript:alert(1)"),
        ('index="1"', 'index="99999999999999999999"'),
    ],
)
def test_a_description_with_an_odd_address_is_read_or_refused_in_words(provider, change):
    told = provider.metadata.replace(*change)
    assert told != provider.metadata
    if change[0].startswith("index"):
        assert read_metadata(told).consumers[0][1] == provider.consumer
    else:
        with pytest.raises(Invalid):
            read_metadata(told)
