"""Whose account a request comes from."""

from django.http import HttpRequest

from cuaso.foundation.identity.models import Account


def account_of(request: HttpRequest) -> Account | None:
    user = request.user
    return user if isinstance(user, Account) else None
