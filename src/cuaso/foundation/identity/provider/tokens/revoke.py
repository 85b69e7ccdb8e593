"""A client gives a token back (RFC 7009)."""

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.provider.grants.end import end_grant, subject_of
from cuaso.foundation.identity.provider.hashing import digest
from cuaso.foundation.identity.provider.models import Client, Token
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now


def revoke(*, client: Client, word: str) -> bool:
    """Void the client's own token: a refresh token with its whole family. False: not its token."""
    with transaction.atomic():
        token = (
            Token.objects.select_for_update(of=("self",))
            .select_related("grant")
            .filter(hash=digest(word), grant__client=client)
            .first()
        )
        if token is None:
            return False
        if token.kind == Token.Kind.REFRESH:
            end_grant(token.grant, why="revoked", actor=system(client.name))
        elif token.ended_at is None:
            token.ended_at = now()
            token.save(update_fields=["ended_at"])
            audit.record(
                actor=system(client.name),
                act="identity.token_revoked",
                subject=subject_of(token.grant),
                content={"client": client.client_id, "grant": token.grant_id},
            )
    return True
