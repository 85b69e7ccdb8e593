"""KT-f2: password with a one-time code, passkey, certificate and a biometric result all identify,
by one shared procedure.
"""

import pytest
from django.test import Client

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.strength import strength_of
from cuaso.foundation.identity.models import Account, KnownDevice
from cuaso.foundation.identity.tests import test_certificate as certificates
from cuaso.foundation.identity.tests import test_face as faces
from cuaso.foundation.identity.tests import test_second_factor as codes
from cuaso.foundation.identity.tests import world
from cuaso.kernel.subjects import Subject

NAME = "hoa.mai"


@pytest.fixture
def account(db, vneid, settings):
    """An official who has named a certificate and linked a face, behind a proxy that ends TLS."""
    settings.CUASO_CERTIFICATE_JUDGE = f"{certificates.__name__}.judge"
    settings.CUASO_CLIENT_CERTIFICATE_HEADER = certificates.HEADER
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    made = world.official(username=NAME, roles={"handler"}, number=world.HOA)
    return Account.objects.get(pk=made.account_id)


def owner():
    client = Client()
    world.sign_in(client, username=NAME)
    client.post("/tai-khoan/xac-nhan/", {"password": world.PASSWORD})
    return client


def last_entry(account):
    subject = Subject(kind="identity.account", id=account.id)
    return [one for one in audit.history(subject) if one.act == "identity.signed_in"][-1]


def by_code(client):
    own = owner()
    page = own.get("/bao-mat/ung-dung/").content.decode()
    secret = world.found(page, r'id="totp-secret">([A-Z2-7]+)<')
    own.post("/bao-mat/ung-dung/", {"code": codes.code_of(secret)})
    world.sign_in(client, username=NAME)
    client.post("/tai-khoan/buoc-hai/", {"code": codes.code_of(secret, step=1)})


def by_certificate(client):
    shown = certificates.certificate()
    owner().post("/bao-mat/chung-thu/", headers=shown)
    certificates.enter(client, shown)


@pytest.mark.parametrize(
    ("way", "ways"),
    [("code", ["password", "totp"]), ("certificate", ["certificate"]), ("face", ["biometric"])],
)
def test_kt_f2_every_way_in_is_one_act_with_its_factors_and_strength(account, vneid, way, ways):
    client = Client()
    if way == "code":
        by_code(client)
    elif way == "certificate":
        by_certificate(client)
    else:
        faces.show(owner(), vneid)
        faces.show(client, vneid, door="/dang-nhap/khuon-mat/")
    assert world.who(client).startswith("official")
    entry = last_entry(account)
    assert entry.content == {"by": ways, "assurance": 2}
    assert client.session["identity_assurance"] == 2
    assert client.get("/can-bo/nhay-cam/").status_code == 200
    assert client.cookies["thiet_bi"].value
    assert KnownDevice.objects.filter(account=account).count() == 2


def test_kt_f2_the_password_alone_identifies_less(account):
    client = Client()
    world.sign_in(client, username=NAME)
    assert last_entry(account).content == {"by": ["password"], "assurance": 1}
    assert client.get("/can-bo/nhay-cam/")["Location"].startswith("/xac-thuc-them/")


@pytest.mark.parametrize(
    ("ways", "level", "strength"),
    [
        ({"password"}, 0, 1),
        ({"password", "totp"}, 0, 2),
        ({"password", "recovery_codes"}, 0, 2),
        ({"totp"}, 0, 1),
        ({"webauthn"}, 0, 2),
        ({"certificate"}, 0, 2),
        ({"biometric"}, 0, 2),
        ({"socialaccount"}, 0, 0),
        ({"socialaccount"}, 1, 1),
        ({"socialaccount"}, 2, 2),
        ({"socialaccount", "biometric"}, 1, 2),
        (set(), 2, 0),
    ],
)
def test_kt_f2_one_table_says_how_strong_the_ways_are_together(ways, level, strength):
    assert strength_of(ways, vneid_level=level) == strength
