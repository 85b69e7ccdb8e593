"""Machines go straight to the provider: half of what a page passes on its way is not for them.

A system's request carries no cookie, so session, language, forms' tokens, messages and the person's
actor have nothing to say to it. What guards every answer stays: the trace and its log, the measure
of requests, the names of hosts, and the headers that browsers heed.
"""

from collections.abc import Callable, Iterator
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import ResolverMatch, URLPattern

from cuaso.foundation.identity.provider.urls import urlpatterns
from cuaso.foundation.identity.provider.views import discovery, par, token, tokens

View = Callable[[HttpRequest], HttpResponseBase]

_VIEWS: Final = frozenset(
    {
        *(discovery.metadata, discovery.jwks, token.token, par.par),
        *(tokens.userinfo, tokens.introspect, tokens.revoke),
    }
)
# Nothing of a machine's answer is ever to be shown or run.
_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"


class StraightRoadMiddleware:
    """Answer systems at the provider's own addresses; everybody and everything else goes on.

    Stands after the trace and Django's security headers, before all others.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._doors = dict(_doors())

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        door = self._doors.get(request.path_info)
        if door is None or request.META.get("HTTP_COOKIE"):
            return self.get_response(request)
        # Raises DisallowedHost, as it does for pages.
        request.get_host()
        request.resolver_match = door
        response: HttpResponseBase = door.func(request)
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))  # type: ignore[attr-defined]
        return response


def _doors() -> Iterator[tuple[str, ResolverMatch]]:
    for one in urlpatterns:
        if isinstance(one, URLPattern) and one.callback in _VIEWS:
            route = str(one.pattern)
            match = ResolverMatch(one.callback, (), {}, url_name=one.name, route=route)
            yield f"/{route}", match
