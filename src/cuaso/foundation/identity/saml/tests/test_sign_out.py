"""Signing out at a partner ends all, and signing out anywhere reaches the partners."""

import base64
import re
import zlib

import pytest
from django.test import Client as Browser
from lxml import etree
from saml2 import samlp
from saml2.s_utils import error_status_factory, success_status_factory

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.open_account import close_account
from cuaso.foundation.identity.provider.models import SignOn
from cuaso.foundation.identity.provider.sessions.end import end_gone
from cuaso.foundation.identity.provider.tests import world as openid
from cuaso.foundation.identity.saml.models import PartnerSession
from cuaso.foundation.identity.saml.sign_out.tell import tell_partners
from cuaso.foundation.identity.saml.terms import PROTOCOL
from cuaso.foundation.identity.saml.tests import world
from cuaso.foundation.identity.tests import world as people
from cuaso.kernel.subjects import Subject


def ask_to_leave(provider, read, *, sign=True, binding=world.BINDING_HTTP_REDIRECT, **words):
    """Return what the partner has the browser carry to sign its person out."""
    mark, request = provider.client.create_logout_request(
        f"{world.ISSUER}/saml/slo",
        f"{world.ISSUER}/saml/metadata",
        name_id=read.name_id,
        session_indexes=[read.session_info()["session_index"]],
        sign=sign and binding == world.BINDING_HTTP_POST,
        **words,
    )
    told = provider.client.apply_binding(
        binding,
        str(request),
        f"{world.ISSUER}/saml/slo",
        "về-đâu",
        sign=sign and binding == world.BINDING_HTTP_REDIRECT,
        sigalg="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    )
    return mark, world.carried(told, binding)


def is_out(person):
    return person.get("/bao-mat/").status_code == 302


def answer_to(provider, address, *, status=None):
    """Let a partner read our request and answer it; return where its answer leads."""
    words = {name: one[0] for name, one in world.query_of(address).items()}
    read = provider.client.parse_logout_request(words["SAMLRequest"], world.BINDING_HTTP_REDIRECT)
    told = provider.client.create_logout_response(
        read.message,
        bindings=[world.BINDING_HTTP_REDIRECT],
        status=status or success_status_factory(),
    )
    carried = provider.client.apply_binding(
        world.BINDING_HTTP_REDIRECT,
        str(told),
        f"{world.ISSUER}/saml/slo",
        words["RelayState"],
        response=True,
        sign=True,
        sigalg="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    )
    return world.carried(carried, world.BINDING_HTTP_REDIRECT), read.message


@pytest.mark.parametrize("binding", [world.BINDING_HTTP_REDIRECT, world.BINDING_HTTP_POST])
def test_a_partner_signs_its_person_out_everywhere(person, provider, partner, binding):
    one = openid.system()
    _, tokens = openid.enter(person, one)
    read = world.come_in(person, provider)
    mark, carried = ask_to_leave(provider, read, binding=binding)
    if binding == world.BINDING_HTTP_POST:
        # Another site's form brings no cookie.
        gone = Browser().post("/saml/slo", carried)
    else:
        gone = person.get(carried)
    assert gone.status_code == 302
    back = {name: one[0] for name, one in world.query_of(gone["Location"]).items()}
    assert back["RelayState"] == "về-đâu"
    told = provider.client.parse_logout_request_response(
        back["SAMLResponse"], world.BINDING_HTTP_REDIRECT
    )
    assert told.in_response_to == mark
    assert told.status_ok()
    assert is_out(person)
    assert one.ask_about(tokens["access_token"]) == {"active": False}
    assert PartnerSession.objects.get().told_at is not None


def test_a_person_who_signs_out_here_is_led_to_the_partners_and_is_out_there(
    person, provider, partner, tmp_path
):
    other = world.Provider(tmp_path, host="https://khac.example", name="khac")
    other.trust(person)
    world.partner(other)
    for one in (provider, other):
        world.come_in(person, one)
    way = person.post("/dang-xuat/")["Location"]
    assert is_out(person)
    page = person.get(way).content.decode()
    address = people.found(page, r'class="btn main" href="([^"]+)"').replace("&amp;", "&")
    assert address.startswith(f"{provider.leave_at}?")
    answer, request = answer_to(provider, address)
    assert request.session_index[0].text == str(PartnerSession.objects.get(partner=partner).id)
    following = person.get(answer)["Location"]
    assert following.startswith(f"{other.leave_at}?")
    last = person.get(answer_to(other, following)[0])
    assert "Đã đăng xuất" in last.content.decode()
    assert PartnerSession.objects.filter(told_at=None).count() == 0
    assert people.acts()[-2:] == ["identity.partner_told"] * 2


def test_signing_out_at_one_partner_leads_past_the_other_one(person, provider, partner, tmp_path):
    other = world.Provider(tmp_path, host="https://khac.example", name="khac")
    other.trust(person)
    world.partner(other)
    read = world.come_in(person, provider)
    world.come_in(person, other)
    mark, carried = ask_to_leave(provider, read)
    between = person.get(carried)["Location"]
    assert between.startswith(f"{other.leave_at}?")
    last = person.get(answer_to(other, between)[0])["Location"]
    told = provider.client.parse_logout_request_response(
        world.query_of(last)["SAMLResponse"][0], world.BINDING_HTTP_REDIRECT
    )
    assert (told.in_response_to, told.status_ok()) == (mark, True)
    assert PartnerSession.objects.filter(told_at=None).count() == 0


def hearing(address, letter):
    return ""


def deaf(address, letter):
    return "HTTP 500"


def test_leaving_an_openid_system_leads_past_the_partners_and_then_to_its_own_address(
    person, provider, partner
):
    one = openid.system()
    _, tokens = openid.enter(person, one)
    world.come_in(person, provider)
    words = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": openid.LEFT}
    way = person.get("/oidc/logout", words | {"state": "x1"})["Location"]
    assert is_out(person)
    page = person.get(way).content.decode()
    address = people.found(page, r'class="btn main" href="([^"]+)"').replace("&amp;", "&")
    last = person.get(answer_to(provider, address)[0])
    assert last["Location"] == f"{openid.LEFT}?state=x1"
    assert PartnerSession.objects.get().told_at is not None


def end_by_button(person, official):
    person.post("/dang-xuat/")


def end_by_closing(person, official):
    close_account(actor=people.TESTER, account_id=official.account_id, reason="Thôi việc")


def end_behind_our_back(person, official):
    person.session.flush()
    end_gone()


@pytest.mark.parametrize("end", [end_by_button, end_by_closing, end_behind_our_back])
def test_however_a_session_ends_a_partner_with_a_back_door_hears_of_it(
    person, official, tmp_path, end
):
    provider = world.Provider(tmp_path, leaves=world.BINDING_SOAP)
    provider.trust(person)
    world.partner(provider)
    world.come_in(person, provider)
    assert tell_partners(hearing) == 0
    end(person, official)
    letters = []

    def post(address, letter):
        letters.append((address, letter))
        return ""

    assert tell_partners(post) == 1
    [(address, letter)] = letters
    assert address == provider.leave_at
    [inside] = etree.fromstring(letter)[0]
    read = provider.client.parse_logout_request(
        world.encoded(etree.tostring(inside)), world.BINDING_HTTP_POST
    )
    assert read.message.session_index[0].text == str(PartnerSession.objects.get().id)
    assert tell_partners(post) == 0
    assert people.acts()[-1] == "identity.partner_told"


def test_a_partner_that_does_not_hear_is_told_again_later(person, tmp_path):
    provider = world.Provider(tmp_path, leaves=world.BINDING_SOAP)
    provider.trust(person)
    world.partner(provider)
    world.come_in(person, provider)
    person.post("/dang-xuat/")
    assert tell_partners(deaf) == 0
    row = PartnerSession.objects.get()
    assert (row.tries, row.trouble, row.told_at) == (1, "HTTP 500", None)
    assert tell_partners(hearing) == 0


def test_an_unsigned_wish_to_leave_signs_nobody_out(person, provider, partner):
    read = world.come_in(person, provider)
    _, carried = ask_to_leave(provider, read, sign=False)
    refused = person.get(carried)
    assert refused.status_code == 400
    assert world.refusals(partner) == ["saml.unsigned"]
    assert not is_out(person)
    assert SignOn.objects.get().ended_at is None


def test_a_partner_signs_out_nobody_whom_it_does_not_know(person, provider, partner, tmp_path):
    """The name and the session of another partner's person, under one's own good signature."""
    other = world.Provider(tmp_path, host="https://khac.example", name="khac")
    other.trust(person)
    stranger = world.partner(other)
    read = world.come_in(person, provider)
    _, carried = ask_to_leave(other, read)
    answer = person.get(carried)
    assert answer["Location"].startswith(f"{other.leave_at}?SAMLResponse=")
    assert world.refusals(stranger) == ["saml.session"]
    assert not is_out(person)


def test_an_answer_to_nothing_changes_nothing(person, provider, partner):
    world.come_in(person, provider)
    way = person.post("/dang-xuat/")["Location"]
    page = person.get(way).content.decode()
    address = people.found(page, r'class="btn main" href="([^"]+)"').replace("&amp;", "&")
    answer, _ = answer_to(provider, address)
    PartnerSession.objects.update(told_at=None)
    assert person.get(answer).status_code == 200
    again = person.get(answer)
    assert again.status_code == 400
    assert world.refusals(partner) == ["saml.replayed"]


FAILED = error_status_factory((samlp.STATUS_RESPONDER, "không đăng xuất được"))


def unheard():
    """Return why partners did not sign their person out, as the ledger keeps it."""
    accounts = (Subject(kind="identity.account", id=row.account_id) for row in SignOn.objects.all())
    entries = (one for about in accounts for one in audit.history(about))
    return [one.content["trouble"] for one in entries if one.act == "identity.partner_unheard"]


def test_a_person_is_told_which_partner_did_not_sign_them_out(person, provider, partner, tmp_path):
    mute = world.Provider(tmp_path, host="https://cam.example", name="cam", leaves="")
    mute.trust(person)
    world.partner(mute)
    for one in (provider, mute):
        world.come_in(person, one)
    way = person.post("/dang-xuat/")["Location"]
    page = person.get(way).content.decode()
    address = people.found(page, r'class="btn main" href="([^"]+)"').replace("&amp;", "&")
    last = person.get(answer_to(provider, address, status=FAILED)[0]).content.decode()
    assert "Các hệ thống sau chưa xác nhận đã kết thúc phiên" in last
    names = [row.partner.name for row in PartnerSession.objects.order_by("begun_at")]
    assert re.findall(r"<li>([^<]+)</li>", last.partition("chưa xác nhận")[2])[:2] == names
    assert unheard() == ["no answer", "no way"]
    assert is_out(person)
    assert PartnerSession.objects.filter(told_at=None).count() == 2


def test_a_partner_that_began_it_hears_that_the_others_are_not_all_out(
    person, provider, partner, tmp_path
):
    mute = world.Provider(tmp_path, host="https://cam.example", name="cam", leaves="")
    mute.trust(person)
    world.partner(mute)
    read = world.come_in(person, provider)
    world.come_in(person, mute)
    mark, carried = ask_to_leave(provider, read)
    back = world.query_of(person.get(carried)["Location"])
    told = etree.fromstring(zlib.decompress(base64.b64decode(back["SAMLResponse"][0]), -15))
    codes = [one.get("Value") for one in told.iter(f"{{{PROTOCOL}}}StatusCode")]
    assert codes == [samlp.STATUS_SUCCESS, samlp.STATUS_PARTIAL_LOGOUT]
    assert told.get("InResponseTo") == mark
    assert is_out(person)
    assert unheard() == ["no way"]
