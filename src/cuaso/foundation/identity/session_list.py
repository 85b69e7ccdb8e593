"""allauth's list of sessions without its listener, which at each sign-in looked into every session
that the account has: three statements for each. Who signs in is listed by `know_device`, and
sessions that are over leave the list by `forget_ended`.
"""

from allauth.usersessions.apps import UserSessionsConfig


class SessionListConfig(UserSessionsConfig):  # type: ignore[misc]  # allauth ships no types
    def ready(self) -> None:
        """Listen to nothing."""
