"""A system gets a token of its own, for no person (client_credentials)."""

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.grants.proof import Binding
from cuaso.foundation.identity.provider.models import Client, Grant
from cuaso.foundation.identity.provider.requests.resources import allowed_resources
from cuaso.foundation.identity.provider.terms import SCOPES
from cuaso.foundation.identity.provider.tokens.make import Issued, Reach, make_tokens
from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject


def give_machine_token(
    *, client: Client, scopes: tuple[str, ...], resources: tuple[str, ...], binding: Binding
) -> Issued:
    """Return an access token; raise unauthorized_client, invalid_scope or invalid_target."""
    if client.auth_method == "none":
        raise ProtocolError(
            error="unauthorized_client", description="A public client acts for a person only."
        )
    own = [one for one in client.scopes if one not in SCOPES]
    if not set(scopes) <= set(own):
        raise ProtocolError(error="invalid_scope", description="The scope is not the client's.")
    reach = Reach(
        scopes=scopes or tuple(own),
        audience=allowed_resources(resources, client=client) or tuple(client.may_call),
        bound=binding.word,
    )
    with transaction.atomic():
        grant = Grant.objects.create(
            client=client, scopes=list(reach.scopes), audience=list(reach.audience)
        )
        access, _ = make_tokens(grant, reach=reach, ends_at=None)
        audit.record(
            actor=system(client.name),
            act="identity.machine_token_given",
            subject=Subject(kind="identity.client", id=client.id),
            content={"scopes": list(reach.scopes), "audience": list(reach.audience)},
        )
    return Issued(access_token=access, bound=binding.word, scopes=reach.scopes)
