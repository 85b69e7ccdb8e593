"""Programs that speak to the API: a guest, a citizen, officials of Quy Nhơn, each signed in."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from tests.support.answers import BIRTH, MOTHER, PDF

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROOT = "/api/v1"


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    cache.clear()


@dataclass(kw_only=True)
class Caller:
    """A program with one session."""

    client: Client = field(default_factory=Client)

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(ROOT + path, query)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Send JSON; `If_Match` becomes the header `If-Match`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            ROOT + path,
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers=named,
        )

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def upload(self, path: str, *, content: bytes = PDF, name: str = "g.pdf", **form: str) -> Any:
        file = SimpleUploadedFile(name, content, content_type="application/pdf")
        return self.client.post(ROOT + path, {**form, "file": file})


def signed_in(actor: Actor) -> Caller:
    """Return a caller whose session acts as this actor."""
    assert actor.person_id is not None
    kind = "official" if actor.kind == "official" else "citizen"
    account, _new = get_user_model().objects.get_or_create(
        person_id=actor.person_id,
        kind=kind,
        defaults={
            "username": f"rest-{actor.person_id}",
            "display_name": actor.name,
            "created_at": clock.now(),
        },
    )
    client = Client()
    client.force_login(account, backend=BACKEND)
    if actor.post_id:
        session = client.session
        session["identity_capacity"] = f"post:{actor.post_id}"
        session.save()
    return Caller(client=client)


@pytest.fixture
def guest(db) -> Caller:
    return Caller()


@pytest.fixture
def mother(citizen) -> Caller:
    return signed_in(citizen(MOTHER))


@pytest.fixture
def officer(official) -> Callable[..., Caller]:
    """Return a caller who holds a role at a commune's committee."""

    def find(role: str, place: str = "21583") -> Caller:
        return signed_in(official(role, place))

    return find


@pytest.fixture
def draft_id(mother, working_morning) -> str:
    """Return the id of the mother's whole draft: every value right, the paper attached."""
    begun = mother.post("/drafts", {"procedure_code": "1.001193"})
    assert begun.status_code == 201, begun.content.decode()
    id = begun.json()["id"]
    saved = mother.send("PUT", f"/drafts/{id}/values", {"values": BIRTH, "complete": True})
    assert saved.status_code == 200, saved.content.decode()
    assert mother.upload(f"/drafts/{id}/papers", component="birth_notice").status_code == 200
    return str(id)


@pytest.fixture
def dossier_id(mother, draft_id) -> str:
    """Return the id of the mother's submitted birth registration."""
    return str(mother.post(f"/drafts/{draft_id}/submit", Idempotency_Key="k1").json()["dossier_id"])
