"""A person enters a system that speaks SAML."""

import base64
import json
import re
from datetime import timedelta

import pytest

from cuaso.foundation.identity.provider.models import SignOn
from cuaso.foundation.identity.saml.keys import stock
from cuaso.foundation.identity.saml.models import PartnerName, PartnerSession
from cuaso.foundation.identity.saml.terms import KEY_EVERY, KEY_LEAD
from cuaso.foundation.identity.saml.tests import world
from cuaso.foundation.identity.tests import world as people
from cuaso.kernel import clock


@pytest.mark.parametrize("binding", [world.BINDING_HTTP_REDIRECT, world.BINDING_HTTP_POST])
def test_a_person_enters_a_partner_and_is_known_there(person, provider, partner, binding):
    asked = provider.ask(binding=binding)
    if binding == world.BINDING_HTTP_POST:
        answer = person.post("/saml/sso", asked, follow=True)
    else:
        answer = person.get(asked, follow=True)
    fields = world.fields_of(answer.content.decode())
    assert fields["RelayState"] == "nơi-cũ"
    read = provider.read(fields)
    assert read.ava == {
        "cn": ["Lê Thị Tiếp Nhận"],
        "uid": ["tiepnhan.quynhon"],
        "account_kind": ["official"],
    }
    name = PartnerName.objects.get(partner=partner).name
    assert (read.name_id.text, read.name_id.format) == (name, world.PERSISTENT)
    entered = PartnerSession.objects.get(partner=partner)
    assert read.session_info()["session_index"] == str(entered.id)
    assert people.acts()[-1] == "identity.partner_entered"


def test_a_person_who_is_not_signed_in_signs_in_first_and_then_arrives(
    client, provider, partner, official
):
    answer = client.get(provider.ask(), follow=True)
    place = answer.redirect_chain[-1][0]
    assert place.startswith("/dang-nhap/?next=")
    people.sign_in(client)
    back = world.query_of(place)["next"][0]
    page = client.get(back).content.decode()
    assert provider.read(world.fields_of(page)).ava["uid"] == ["tiepnhan.quynhon"]


def test_a_request_is_answered_once(person, provider, partner):
    waiting = person.get(provider.ask())["Location"]
    assert person.get(waiting).status_code == 200
    before = world.counts()
    again = person.get(waiting)
    assert again.status_code == 400
    assert "saml.parked" in again.content.decode()
    assert world.counts() == before


def test_the_same_person_has_the_same_name_here_and_another_name_elsewhere(
    person, provider, partner, tmp_path
):
    other = world.Provider(tmp_path, host="https://khac.example", name="khac")
    other.trust(person)
    world.partner(other)
    first = world.come_in(person, provider).name_id.text
    assert world.come_in(person, provider).name_id.text == first
    assert world.come_in(person, other).name_id.text != first


def test_a_partner_with_a_key_gets_what_only_it_can_read(person, tmp_path):
    provider = world.Provider(tmp_path, encrypts=True)
    provider.trust(person)
    world.partner(provider)
    page = person.get(provider.ask(), follow=True).content.decode()
    fields = world.fields_of(page)
    sent = base64.b64decode(fields["SAMLResponse"]).decode()
    assert "EncryptedAssertion" in sent
    assert "tiepnhan.quynhon" not in sent
    assert provider.read(fields).ava["uid"] == ["tiepnhan.quynhon"]


def test_a_partner_is_told_no_more_than_it_was_allowed(person, provider):
    world.partner(provider, attributes=())
    assert world.come_in(person, provider).ava == {}


def test_an_official_is_told_with_posts_as_the_partner_may_know(person, provider, official):
    world.partner(provider, attributes=("posts",))
    [told] = world.come_in(person, provider).ava["posts"]
    assert json.loads(told)["agency"]["name"] == "Ủy ban nhân dân phường Quy Nhơn"
    assert json.loads(told)["roles"] == ["reception"]


def status_of(fields):
    sent = base64.b64decode(fields["SAMLResponse"]).decode()
    assert "Assertion>" not in sent
    return re.findall(r'StatusCode Value="[^"]+:([A-Za-z]+)"', sent)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"is_passive": "true"}, "NoPassive"),
        (
            {"nameid_format": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"},
            "InvalidNameIDPolicy",
        ),
    ],
)
def test_what_cannot_be_done_is_said_to_the_partner_and_nothing_is_given(
    client, provider, partner, words, said
):
    page = client.get(provider.ask(**words), follow=True).content.decode()
    assert status_of(world.fields_of(page)) == ["Responder", said]
    assert (SignOn.objects.count(), PartnerSession.objects.count()) == (0, 0)


def test_a_strength_out_of_reach_is_no_sign_in(person, provider, partner):
    wanted = {"authn_context_class_ref": ["https://refeds.org/profile/mfa"], "comparison": "exact"}
    answer = person.get(provider.ask(requested_authn_context=wanted), follow=True)
    fields = world.fields_of(answer.content.decode())
    if not fields:  # The house first offers whatever would make the proof stronger.
        waiting = world.query_of(answer.redirect_chain[-1][0])["next"][0]
        fields = world.fields_of(person.get(waiting).content.decode())
    assert status_of(fields) == ["Responder", "NoAuthnContext"]
    assert PartnerSession.objects.count() == 0


def test_force_asks_a_signed_in_person_again(person, provider, partner):
    answer = person.get(provider.ask(force_authn="true"), follow=True)
    assert answer.redirect_chain[-1][0].startswith("/tai-khoan/xac-nhan/")


def test_the_metadata_tells_where_to_go_and_is_kept_by_nobody_for_long(client, db):
    told = client.get("/saml/metadata")
    assert told["Content-Type"] == "application/samlmetadata+xml"
    text = told.content.decode()
    assert f'entityID="{world.ISSUER}/saml/metadata"' in text
    assert text.count(f'Location="{world.ISSUER}/saml/sso"') == 2
    assert text.count(f'Location="{world.ISSUER}/saml/slo"') == 2


def test_the_next_certificate_stands_in_the_metadata_before_it_signs(person, provider, partner):
    first = stock.published_certificates()
    with clock.at(clock.now() + KEY_EVERY - KEY_LEAD + timedelta(days=1)):
        assert stock.renew_due() == 1
        assert stock.renew_due() == 0
        both = stock.published_certificates()
        assert both[0] == first[0]
        assert len(both) == 2
        assert stock.signing_key()[1] == first[0]
    with clock.at(clock.now() + KEY_EVERY + timedelta(days=2)):
        assert stock.published_certificates() == both[1:]
