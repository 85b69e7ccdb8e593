"""A system hands in its authorization request before the browser comes (RFC 9126)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cuaso.foundation.identity.provider.clients.authenticate import authenticate
from cuaso.foundation.identity.provider.proofs.dpop import proven_key
from cuaso.foundation.identity.provider.requests.push import push
from cuaso.foundation.identity.provider.requests.read import check_pushed, words_of
from cuaso.foundation.identity.provider.views.answers import (
    for_browser_applications,
    for_machines,
    told,
)

_PROOFS = ("client_secret", "client_assertion", "client_assertion_type")


@csrf_exempt
@for_browser_applications("POST")
@require_POST
@for_machines
def par(request: HttpRequest) -> HttpResponse:
    client = authenticate(request)
    key = proven_key(request)
    words = {name: told for name, told in words_of(request.POST).items() if name not in _PROOFS}
    words["client_id"] = [client.client_id]
    check_pushed(words, client=client, key_thumbprint=key)
    request_uri, life = push(client=client, words=words, key_thumbprint=key)
    expires_in = int(life.total_seconds())
    return told({"request_uri": request_uri, "expires_in": expires_in}, status=201)
