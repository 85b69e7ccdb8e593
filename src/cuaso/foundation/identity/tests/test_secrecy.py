"""The house's key is changed, and what was sealed under the one before still opens."""

import pytest
from cryptography.fernet import InvalidToken

from cuaso.foundation.identity import secrecy

OLD, NEW = "khóa cũ " * 8, "khóa mới " * 8


def test_a_second_factor_made_before_the_key_was_changed_opens_while_the_old_one_is_named(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    sealed = secrecy.encrypt("MẦM")
    settings.SECRET_KEY = NEW
    with pytest.raises(InvalidToken):
        secrecy.decrypt(sealed)
    settings.SECRET_KEY_FALLBACKS = [OLD]
    assert secrecy.decrypt(sealed) == "MẦM"
    again = secrecy.encrypt("MẦM")
    settings.SECRET_KEY_FALLBACKS = []
    assert secrecy.decrypt(again) == "MẦM"
