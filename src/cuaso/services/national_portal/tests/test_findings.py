import pytest

from cuaso.services.national_portal import api as national_portal

LONG = "k" * 24


@pytest.mark.parametrize(
    ("url", "secret", "count"),
    [
        ("", "", 0),
        ("https://cong.vi-du", LONG, 0),
        ("https://cong.vi-du", f"k2:{LONG},k1:{LONG}", 0),
        ("http://cong.vi-du", LONG, 1),
        ("https://cong.vi-du", "", 1),
        ("https://cong.vi-du", f"k2:{LONG},k1:ngan", 1),
        ("", "ngan", 1),
    ],
)
def test_production_wants_https_and_a_long_secret(monkeypatch, url, secret, count):
    monkeypatch.setenv("CUASO_NATIONAL_URL", url)
    monkeypatch.setenv("CUASO_NATIONAL_SECRET", secret)
    assert len(national_portal.production_refusals()) == count
