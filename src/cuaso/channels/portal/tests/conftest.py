"""A citizen's browser without a browser: signed in, at the real addresses of the portal."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock

MOTHER = "052196000122"


@pytest.fixture
def sign_in(db) -> Callable[..., Client]:
    """Return a client signed in as the invented citizen with this personal number."""

    def client_of(number: str = MOTHER) -> Client:
        person = directory.find_person(number)
        assert person is not None
        account, _new = get_user_model().objects.get_or_create(
            person_id=person.id,
            kind="citizen",
            defaults={
                "username": f"portal-{number}",
                "display_name": person.name,
                "created_at": clock.now(),
            },
        )
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client_of
