"""The content security policy, put together once: it is the same for every answer.

Django-csp puts it together anew, twice for each answer; only a view that changes the policy, or a
page that asks for a nonce, needs that.
"""

from typing import Final

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_OWN: Final = tuple(
    f"_csp_{name}{kind}"
    for name in ("config", "update", "replace", "exempt")
    for kind in ("", "_ro")
)


class PolicyMiddleware(CSPMiddleware):
    """Say the house's policy on every answer."""

    _said: tuple[object, str] | None = None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Put the policy on the answer, the kept one where nothing of this answer changes it."""
        policy = settings.CONTENT_SECURITY_POLICY
        own = vars(response)
        if hasattr(request, "_csp_nonce") or HEADER in response or any(one in own for one in _OWN):
            return super().process_response(request, response)
        if self._said is not None and self._said[0] is policy:
            response[HEADER] = self._said[1]
            return response
        answer = super().process_response(request, response)
        self._said = (policy, answer[HEADER])
        return answer
