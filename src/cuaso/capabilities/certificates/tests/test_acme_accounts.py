"""A machine's account: another key for it, and a system that opens it in its own name."""

import base64
from datetime import timedelta

import pytest
from joserfc.jwk import ECKey

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates.contracts import ExternalAccountKey
from cuaso.capabilities.certificates.models import AcmeAccount, ExternalKey
from cuaso.capabilities.certificates.tests import world
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotAllowed

ERROR = "urn:ietf:params:acme:error:"


def refused(answer, word, status):
    assert (answer.status, answer.content["type"]) == (status, ERROR + word), answer


def test_a_machine_changes_the_key_of_its_account_and_the_old_one_opens_it_no_more(machine):
    before, fresh = machine.key, ECKey.generate_key("P-256")
    answer = machine.to_key(fresh)
    assert (answer.status, answer.content["status"]) == (200, "valid")
    row = AcmeAccount.objects.get()
    assert row.thumbprint == fresh.thumbprint()
    refused(machine.order(world.NAME), "unauthorized", 401)
    machine.key = fresh
    assert machine.order(world.NAME).status == 201
    assert world.Machine(key=fresh).open().headers["Location"] == machine.kid
    assert world.Machine(key=before).open().status == 201  # free for another account
    assert AcmeAccount.objects.count() == 2


def test_a_key_that_has_an_account_is_told_where_it_stands(machine):
    other = world.Machine()
    other.open()
    answer = machine.to_key(other.key)
    refused(answer, "malformed", 409)
    assert answer.headers["Location"] == other.kid
    assert AcmeAccount.objects.get(id=machine.kid.rsplit("/", 1)[1]).thumbprint == (
        machine.key.thumbprint()
    )


@pytest.mark.parametrize("wrong", ["account", "old key", "signature", "nonce", "not nested"])
def test_a_key_change_that_does_not_hold_together_changes_nothing(machine, wrong):
    fresh, thief = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
    header = {
        "alg": "ES256",
        "jwk": fresh.as_dict(private=False),
        "url": f"{world.URL}/acme/key-change",
    }
    said = {"account": machine.kid, "oldKey": machine.key.as_dict(private=False)}
    if wrong == "account":
        answer = machine.to_key(fresh, account=f"{machine.kid}x")
    elif wrong == "old key":
        answer = machine.to_key(fresh, oldKey=thief.as_dict(private=False))
    elif wrong == "signature":
        answer = machine.send("key-change", world.flattened(header, said, thief))
    elif wrong == "nonce":
        answer = machine.send("key-change", world.flattened(header | {"nonce": "a"}, said, fresh))
    else:
        answer = machine.send("key-change", said)
    word, status = ("unauthorized", 401) if wrong == "signature" else ("malformed", 400)
    refused(answer, word, status)
    assert AcmeAccount.objects.get().thumbprint == machine.key.thumbprint()


@pytest.fixture
def given(house) -> ExternalAccountKey:
    """A key that the administrator has handed to the system of documents."""
    certificates.allow_name(actor=world.ADMIN, name=world.OTHER, client_id="du-lieu")
    return certificates.make_external_key(actor=world.ADMIN, client_id="van-ban")


def test_a_system_opens_its_own_account_once_and_gets_its_own_names_alone(given):
    assert len(base64.urlsafe_b64decode(given.secret + "=")) == 32
    machine = world.Machine()
    assert machine.open(**world.binding(given, machine)).status == 201
    assert AcmeAccount.objects.get().client_id == "van-ban"
    assert machine.order(world.NAME).status == 201
    refused(machine.order(world.OTHER), "rejectedIdentifier", 403)
    second = world.Machine()
    answer = second.send("new-account", world.binding(given, second))
    refused(answer, "unauthorized", 401)
    assert AcmeAccount.objects.count() == 1


@pytest.mark.parametrize("wrong", ["key", "account", "url", "alg", "late", "shape"])
def test_a_binding_that_is_not_good_opens_nothing_and_spends_nothing(given, wrong):
    machine = world.Machine()
    words = world.binding(given, machine)
    late = timedelta(days=8 if wrong == "late" else 0)
    if wrong == "key":
        bad = ExternalAccountKey(
            kid=given.kid, secret="A" * 43, client_id="", expires_at=given.expires_at
        )
        words = world.binding(bad, machine)
    elif wrong == "account":
        words = world.binding(given, world.Machine())
    elif wrong == "url":
        words = world.binding(given, machine, url=f"{world.URL}/acme/new-order")
    elif wrong == "alg":
        header = {"alg": "ES256", "kid": given.kid, "url": f"{world.URL}/acme/new-account"}
        said = machine.key.as_dict(private=False)
        words = {"externalAccountBinding": world.flattened(header, said, machine.key)}
    elif wrong == "shape":
        words = {"externalAccountBinding": "x"}
    with clock.at(clock.now() + late):
        answer = machine.send("new-account", words)
    bad_shape = wrong in ("url", "alg", "shape")
    refused(answer, "malformed" if bad_shape else "unauthorized", 400 if bad_shape else 401)
    assert AcmeAccount.objects.count() == 0
    assert ExternalKey.objects.get().used_at is None


def test_a_house_that_asks_for_a_key_opens_no_account_without_one(given, monkeypatch):
    monkeypatch.setenv("CUASO_ACME_EXTERNAL", "1")
    told = certificates.directory().content
    assert not isinstance(told, str)
    assert dict(told)["meta"] == {"externalAccountRequired": True}
    machine = world.Machine()
    refused(machine.send("new-account", {}), "externalAccountRequired", 403)
    assert AcmeAccount.objects.count() == 0
    assert machine.open(**world.binding(given, machine)).status == 201


@pytest.mark.parametrize("system", [" ", "van\0ban", "x" * 101])
def test_only_an_administrator_hands_out_a_key_and_for_a_system(house, system):
    with pytest.raises(NotAllowed):
        certificates.make_external_key(actor=world.CLERK, client_id="van-ban")
    with pytest.raises(Invalid):
        certificates.make_external_key(actor=world.ADMIN, client_id=system)
    assert ExternalKey.objects.count() == 0
