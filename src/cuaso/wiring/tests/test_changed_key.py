"""Who changes the key of the house names the one before."""

import os
import subprocess
import sys

from cuaso.wiring import environment

ASKED = "from cuaso.wiring import settings; print(settings.SECRET_KEY_FALLBACKS)"


def test_an_operator_names_the_keys_before_and_the_house_takes_them(tmp_path):
    given = {**os.environ, "CUASO_SECRET_KEY_BEFORE": "mot,hai", "CUASO_VAR": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", ASKED], env=given, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "['mot', 'hai']\n"


def test_a_house_whose_key_was_never_changed_knows_no_other(monkeypatch):
    monkeypatch.delenv("CUASO_SECRET_KEY_BEFORE", raising=False)
    assert environment.secret_keys_before() == []
