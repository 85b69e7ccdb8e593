"""Who has taken up a right for a time acts by it, until they lay it down or it ends."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from cuaso.foundation.access.contracts import LEASE_SESSION_KEY
from cuaso.foundation.access.logic.leases import actor_of_lease, held_lease
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor


class LeaseMiddleware:
    """Set `request.actor` to the actor of the lease that the session has taken up.

    Stands after identity's. It asks the database only of sessions that have taken one up, at every
    request: a right that has ended, or was ended by others, is gone at the next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and LEASE_SESSION_KEY in request.session:
            _act_by_lease(request)
        return self.get_response(request)


def _act_by_lease(request: HttpRequest) -> None:
    own = vars(request)["actor"]
    if not isinstance(own, Actor) or own.kind != "official":
        return
    lease = held_lease(UUID(request.session[LEASE_SESSION_KEY]), own.person_id)
    if lease is None:
        del request.session[LEASE_SESSION_KEY]
        messages.info(request, _("Quyền có thời hạn đã kết thúc. Ông/bà trở lại vị trí của mình."))
        return
    actor = replace(actor_of_lease(lease, at=clock.now()), trace=own.trace)
    vars(request).update(actor=actor, lease=lease)
