"""An officer's browser without a browser, and dossiers brought to the step under test."""

import os
from collections.abc import Callable
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cuaso.services.procedures import api as procedures
from tests.support.dossiers import let_the_house_work, submit_birth

# Playwright keeps a loop running in the main thread; the tests themselves are not async.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def sign_in(official) -> Callable[..., Client]:
    """Return a client signed in as who holds a role (in Quy Nhơn unless said otherwise)."""

    def client_of(role: str, place: str = "21583") -> Client:
        actor = official(role, place)
        account = get_user_model().objects.get(person_id=actor.person_id, kind="official")
        client = Client()
        client.force_login(account, backend=BACKEND)
        return client

    return client_of


@pytest.fixture
def submitted(citizen, working_morning) -> UUID:
    """Return a birth registration that waits for reception."""
    return submit_birth(citizen()).dossier_id


@pytest.fixture
def received(submitted: UUID, official) -> UUID:
    """Return a birth registration that waits for the handler."""
    procedures.receive(id=submitted, actor=official("reception"))
    return submitted


@pytest.fixture
def proposed(received: UUID, official, citizen, outside) -> UUID:
    """Return a birth registration whose draft result waits for the leader."""
    procedures.propose(id=received, values={}, note="", actor=official("handler"))
    procedures.confirm_draft(id=received, accepted=True, note="", actor=citizen())
    let_the_house_work()
    return received


@pytest.fixture
def posted(sign_in) -> Callable[..., object]:
    """Return a function that posts an act with the version that its poster sees."""

    def post(role: str, dossier_id: UUID, slug: str, **typed: object):
        client = sign_in(role)
        seen = client.get(f"/ban-lam-viec/ho-so/{dossier_id}/").context
        stamp = {"version": seen["dossier"].version, "seen_at": seen["seen_at"]}
        return client.post(f"/ban-lam-viec/ho-so/{dossier_id}/viec/{slug}/", {**stamp, **typed})

    return post
