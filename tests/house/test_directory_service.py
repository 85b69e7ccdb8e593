"""The directory as other systems meet it in a running house."""

import hashlib
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psycopg
import pytest

pytestmark = pytest.mark.slow
TOKEN = "cuaso_mot-ma-chi-de-thu"
OPEN = """
insert into provisioning_system
  (id, name, client_id, may_write, token_sha256, token_ends_at, opened_at)
values (gen_random_uuid(), 'scim2-cli', '', true, %s, now() + interval '1 day', now())
on conflict do nothing
"""
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def scim(live_house) -> str:
    """Return SCIM's address in the running house; the token of this page opens it."""
    with psycopg.connect(live_house.owner_url, autocommit=True) as owner:
        owner.execute(OPEN, [hashlib.sha256(TOKEN.encode()).hexdigest()])
    address = f"{live_house.url}/scim/v2"
    # The first request of a web process builds the classes of SCIM; the client waits 5 s at most.
    for _ in range(8):
        httpx.get(f"{address}/Schemas", headers=HEADERS, timeout=60).raise_for_status()
    return address


def test_kt_f1_scim2_test_passes_whole_against_the_running_house(scim):
    program = Path(sys.executable).with_name("scim2")
    told = {"SCIM_CLI_HEADERS": f"Authorization: Bearer {TOKEN}", "PYTHONWARNINGS": "ignore"}
    answer = subprocess.run(
        [program, "-u", scim, "test"],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert answer.stdout, answer.stderr
    lines = answer.stdout.splitlines()
    wrong = [
        f"{line} {reason}"
        for line, reason in itertools.pairwise([*lines, ""])
        if line.startswith(("ERROR", "CRITICAL"))
    ]
    assert wrong == []
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert len([line for line in lines if line.startswith("SUCCESS")]) >= 60


def test_kt_f1_an_account_of_the_house_is_shown_to_other_systems_within_seconds(scim):
    until = time.monotonic() + 30
    while True:
        asked = {"filter": 'userName sw "lanhdao."', "count": "1"}
        found = httpx.get(f"{scim}/Users", params=asked, headers=HEADERS, timeout=20).json()
        if found["totalResults"]:
            break
        assert time.monotonic() < until, "the worker shows nobody"
        time.sleep(0.5)
    (leader,) = found["Resources"]
    assert leader["active"] is True
    assert leader["groups"][0]["$ref"].startswith(f"{scim}/Groups/")
