import pytest

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates.tests import world


@pytest.fixture
def house(tmp_path, settings, monkeypatch, db):
    """A house with keys in files and one name that one system may hold."""
    settings.CUASO_KEYS = tmp_path / "keys"
    settings.PUBLIC_URL = world.URL
    monkeypatch.delenv("CUASO_PKCS11_MODULE", raising=False)
    certificates.allow_name(actor=world.ADMIN, name=world.NAME, client_id="van-ban")


@pytest.fixture
def machine(house):
    one = world.Machine()
    one.open()
    return one
