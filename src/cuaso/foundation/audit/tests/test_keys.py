from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import transaction

from cuaso.foundation.audit import api
from cuaso.foundation.audit.models import Head, LedgerKey
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Unavailable
from cuaso.kernel.subjects import Subject

DOSSIER = Subject(kind="procedures.dossier", id=UUID(int=9))


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.CUASO_KEYS = tmp_path / "keys"
    return settings.CUASO_KEYS


@transaction.atomic
def act():
    return api.record(actor=system("x"), act="procedures.noted", subject=DOSSIER, content={})


def own_key(folder, key=None, mode=0o600):
    folder.mkdir(parents=True, exist_ok=True)
    key = key or Ed25519PrivateKey.generate()
    path = folder / "ledger.key"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(mode)


@pytest.mark.django_db
def test_the_first_head_makes_a_key_that_only_the_house_reads(keys):
    assert not api.key_status().ok
    act()
    api.sequence()
    assert (keys / "ledger.generated.key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in keys.iterdir()) == ["ledger.generated.key", "ledger.pub"]
    status = api.key_status()
    assert (status.ok, status.generated) == (True, True)
    assert status.key_id == api.tree_head().key_id


@pytest.mark.django_db
def test_production_refuses_a_generated_key_and_takes_the_agencys(keys, settings):
    act()
    api.sequence()
    assert "openssl genpkey" in api.production_refusals()[0]
    settings.MODE = "production"
    status = api.key_status()
    assert (status.ok, status.generated) == (False, True)
    act()
    with pytest.raises(Unavailable, match="openssl genpkey"):
        api.sequence()
    assert api.tree_head().size == 2
    assert LedgerKey.objects.count() == 1
    own_key(keys)
    assert api.sequence() == 2
    assert (api.key_status().ok, api.key_status().generated) == (True, False)
    assert api.production_refusals() == []
    assert api.verify().ok
    assert LedgerKey.objects.count() == 2


@pytest.mark.django_db
def test_a_key_that_others_can_read_or_of_another_kind_is_refused(keys):
    own_key(keys, mode=0o644)
    assert "hãy đặt quyền 0600" in api.key_status().say
    assert api.production_refusals() == [api.key_status().say]
    own_key(keys, key=generate_private_key(SECP256R1()))
    assert "không phải khóa Ed25519" in api.key_status().say
    (keys / "ledger.key").write_text("rác")
    assert "Không đọc được tệp khóa ledger.key" in api.key_status().say
    act()
    with pytest.raises(Unavailable):
        api.sequence()
    assert Head.objects.count() == 0
