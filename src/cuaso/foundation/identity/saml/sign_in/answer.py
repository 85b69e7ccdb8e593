"""The person is known: tell the partner, in an assertion for it alone."""

import json
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest
from lxml import etree
from saml2 import saml, samlp

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.record_account_act import actor_for
from cuaso.foundation.identity.logic.switch_capacity import SESSION_KEY
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.hashing import fresh
from cuaso.foundation.identity.provider.models import SignOn
from cuaso.foundation.identity.provider.sessions.begin import sign_on_of
from cuaso.foundation.identity.provider.sessions.standing import Standing
from cuaso.foundation.identity.provider.terms import TWO_FACTORS
from cuaso.foundation.identity.provider.tokens.claims import claims_about
from cuaso.foundation.identity.saml.messages.encrypt import encrypted
from cuaso.foundation.identity.saml.messages.make import (
    SUCCESS,
    head,
    issued,
    message_id,
    name_id,
    stamp,
    status,
    written,
)
from cuaso.foundation.identity.saml.messages.safely import read_xml
from cuaso.foundation.identity.saml.messages.sign import sign_element, signed
from cuaso.foundation.identity.saml.models import (
    ParkedSignIn,
    Partner,
    PartnerName,
    PartnerSession,
)
from cuaso.foundation.identity.saml.refusals import refused
from cuaso.foundation.identity.saml.terms import (
    ASSERTION_LIFE,
    ATTRIBUTES,
    BASIC_NAME,
    BOTH_FACTORS,
    CONTEXTS,
    PASSWORD,
    URI_NAME,
)
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject

_BEARER: Final = saml.SCM_BEARER
_EARLY: Final = timedelta(seconds=30)


def answer(
    request: HttpRequest, *, waiting: ParkedSignIn, account: Account, standing: Standing
) -> bytes:
    """Return the signed response; the request is spent and the partner's session begun."""
    partner = waiting.partner
    with transaction.atomic():
        _spend(waiting)
        sign_on = sign_on_of(request, account=account, standing=standing)
        name = _name_at(partner, account)
        entered, _ = PartnerSession.objects.update_or_create(
            partner=partner,
            sign_on=sign_on,
            defaults={"name": name, "told_at": None, "next_try_at": now()},
        )
        audit.record(
            actor=actor_for(account, request=request),
            act="identity.partner_entered",
            subject=Subject(kind="identity.account", id=account.id),
            content={
                "partner": partner.id,
                "entity_id": partner.entity_id,
                "sid": sign_on.id,
                "attributes": list(partner.attributes),
                "acr": standing.acr,
            },
        )
    told = claims_about(
        account, names=set(partner.attributes), capacity_key=request.session.get(SESSION_KEY, "")
    )
    assertion = _assertion(waiting, entered=entered, sign_on=sign_on, told=told)
    return _response(waiting, assertion)


def refuse(waiting: ParkedSignIn, *words: str, say: str) -> bytes:
    """Return a signed response that holds no assertion; the request is spent."""
    with transaction.atomic():
        _spend(waiting)
    response = samlp.Response(
        **_head(waiting), status=status(samlp.STATUS_RESPONDER, *words, say=say)
    )
    return etree.tostring(signed(response))


def _spend(waiting: ParkedSignIn) -> None:
    unspent = ParkedSignIn.objects.filter(hash=waiting.hash, used_at=None)
    if not unspent.update(used_at=now()):
        raise refused("parked")


def _name_at(partner: Partner, account: Account) -> str:
    row, _ = PartnerName.objects.get_or_create(
        partner=partner, account=account, defaults={"name": fresh()}
    )
    return row.name


def _head(waiting: ParkedSignIn) -> dict[str, Any]:
    return head(destination=waiting.consumer, in_response_to=waiting.request_id)


def _response(waiting: ParkedSignIn, assertion: saml.Assertion) -> bytes:
    """Both are signed: the assertion stays proven when its response is taken off."""
    part = sign_element(read_xml(written(assertion)))
    if waiting.partner.encryption_certificate:
        part = encrypted(part, certificate_pem=waiting.partner.encryption_certificate)
    response = samlp.Response(**_head(waiting), status=status(SUCCESS))
    whole = read_xml(written(response))
    whole.append(part)
    return etree.tostring(sign_element(whole))


def _assertion(
    waiting: ParkedSignIn, *, entered: PartnerSession, sign_on: SignOn, told: dict[str, Any]
) -> saml.Assertion:
    partner, made = waiting.partner, now()
    until = stamp(made + ASSERTION_LIFE)
    confirmed = saml.SubjectConfirmationData(
        not_on_or_after=until, recipient=waiting.consumer, in_response_to=waiting.request_id
    )
    return saml.Assertion(
        id=message_id(),
        version="2.0",
        issue_instant=stamp(made),
        issuer=issued(),
        subject=saml.Subject(
            name_id=name_id(entered.name, partner=partner.entity_id),
            subject_confirmation=[
                saml.SubjectConfirmation(method=_BEARER, subject_confirmation_data=confirmed)
            ],
        ),
        conditions=saml.Conditions(
            not_before=stamp(made - _EARLY),
            not_on_or_after=until,
            audience_restriction=[
                saml.AudienceRestriction(audience=[saml.Audience(text=partner.entity_id)])
            ],
        ),
        authn_statement=[_statement(waiting, entered=entered, sign_on=sign_on)],
        attribute_statement=_attributes(told),
    )


def _statement(
    waiting: ParkedSignIn, *, entered: PartnerSession, sign_on: SignOn
) -> saml.AuthnStatement:
    named = [one for one in waiting.contexts if CONTEXTS.get(one) == sign_on.acr]
    usual = BOTH_FACTORS if sign_on.acr == TWO_FACTORS else PASSWORD
    reference = saml.AuthnContextClassRef(text=named[0] if named else usual)
    return saml.AuthnStatement(
        authn_instant=stamp(sign_on.auth_at),
        session_index=str(entered.id),
        session_not_on_or_after=stamp(sign_on.until),
        authn_context=saml.AuthnContext(authn_context_class_ref=reference),
    )


def _attributes(told: dict[str, Any]) -> list[saml.AttributeStatement]:
    rows = [
        saml.Attribute(
            name=ATTRIBUTES[name][0],
            name_format=URI_NAME if ATTRIBUTES[name][0].startswith("urn:") else BASIC_NAME,
            friendly_name=ATTRIBUTES[name][1],
            attribute_value=[saml.AttributeValue(text=one) for one in _texts(value)],
        )
        for name, value in told.items()
    ]
    return [saml.AttributeStatement(attribute=rows)] if rows else []


def _texts(value: object) -> list[str]:
    """What has parts is told as JSON: an attribute's value is a text."""
    found = value if isinstance(value, list) else [value]
    return [
        one if isinstance(one, str) else json.dumps(one, ensure_ascii=False, sort_keys=True)
        for one in found
    ]
