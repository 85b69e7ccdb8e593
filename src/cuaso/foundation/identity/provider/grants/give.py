"""Give a person's grant out as tokens."""

from cuaso.foundation.identity.provider.errors import invalid_grant
from cuaso.foundation.identity.provider.grants.proof import Binding
from cuaso.foundation.identity.provider.models import Client, Grant
from cuaso.foundation.identity.provider.terms import REFRESH
from cuaso.foundation.identity.provider.tokens.id_token import id_token
from cuaso.foundation.identity.provider.tokens.make import Issued, Reach, make_tokens


def give(
    grant: Grant,
    *,
    client: Client,
    binding: Binding,
    scopes: tuple[str, ...],
    audience: tuple[str, ...],
    renew: bool = True,
    instead_of: bytes | None = None,
) -> Issued:
    """Return fresh tokens; inside the caller's transaction.

    A refresh token lasts as long as the sign-on. That of a public client is bound to the key of
    its proof; a confidential client proves itself anyway and may change its key.
    """
    account, sign_on = grant.account, grant.sign_on
    if account is None or sign_on is None:
        raise invalid_grant("The grant belongs to nobody.")
    renewed = renew and REFRESH in client.grant_types
    reach = Reach(
        scopes=scopes,
        audience=audience,
        bound=binding.word,
        refresh_bound=binding.word if client.auth_method == "none" else "",
        refresh_until=sign_on.until if renewed else None,
        instead_of=instead_of,
    )
    access, refresh = make_tokens(grant, reach=reach, ends_at=sign_on.until)
    signed = ""
    if "openid" in scopes:
        signed = id_token(
            grant, client=client, account=account, sign_on=sign_on, access_token=access
        )
    return Issued(
        access_token=access,
        refresh_token=refresh,
        id_token=signed,
        bound=binding.word,
        scopes=scopes,
    )
