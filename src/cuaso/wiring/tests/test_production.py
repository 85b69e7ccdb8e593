import pytest

from cuaso.kernel.errors import Unavailable
from cuaso.wiring import engines, production


def reasons() -> dict[str, list[str]]:
    with pytest.raises(Unavailable) as refused:
        production.refuse()
    found: dict[str, list[str]] = {}
    for problem in refused.value.problems:
        found.setdefault(problem.field, []).append(problem.say)
    return found


@pytest.fixture
def in_production(monkeypatch, db):
    monkeypatch.setenv("CUASO_MODE", "production")


def test_a_demonstration_starts_with_all_that_production_refuses(monkeypatch):
    monkeypatch.setenv("CUASO_MODE", "demo")
    production.refuse()


def test_production_refuses_plain_http(in_production, monkeypatch):
    monkeypatch.setenv("CUASO_PUBLIC_URL", "http://dichvucong.example")
    assert reasons()["plain_http"] == [
        "CUASO_PUBLIC_URL là http://dichvucong.example: phải là https://."
    ]


def test_production_refuses_a_generated_session_key(in_production, monkeypatch):
    monkeypatch.delenv("CUASO_SECRET_KEY", raising=False)
    assert "weak_keys" in reasons()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CUASO_VNEID_URL", "http://localhost:8011"),
        ("CUASO_POPULATION_URL", "http://127.0.0.1:8012"),
        ("CUASO_SMTP", "127.0.0.1:8015"),
    ],
)
def test_production_refuses_a_simulator(in_production, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert reasons()["simulators"] == [
        f"{name} chỉ tới {value}: đó là chương trình giả lập trên chính máy này."
    ]


def test_production_refuses_key_files_and_a_missing_scanner(in_production, monkeypatch):
    monkeypatch.delenv("CUASO_PKCS11_MODULE", raising=False)
    monkeypatch.delenv("CUASO_CLAMAV", raising=False)
    found = reasons()
    assert "production_findings" in found
    assert "no_scanner" in found


def test_what_is_well_in_production_is_not_among_the_reasons(in_production, monkeypatch):
    monkeypatch.setenv("CUASO_PUBLIC_URL", "https://dichvucong.example")
    monkeypatch.setenv("CUASO_SECRET_KEY", "k" * 50)
    for name in ("CUASO_VNEID_URL", "CUASO_POPULATION_URL", "CUASO_TSA_URL", "CUASO_SMTP"):
        monkeypatch.setenv(name, "https://outside.example")
    monkeypatch.setenv("CUASO_SMS_URL", "https://outside.example")
    monkeypatch.setenv("CUASO_TRUST_FOLDER", "/etc/trust")
    assert reasons().keys().isdisjoint({"plain_http", "weak_keys", "simulators"})


def test_every_refusal_of_the_table_can_be_asked(db):
    for name in engines.PRODUCTION_REFUSALS:
        assert all(isinstance(sentence, str) for sentence in production._ask(name))
