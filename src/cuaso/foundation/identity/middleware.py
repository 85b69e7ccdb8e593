"""Every request has an actor."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from cuaso.foundation.identity.logic import keep_sessions
from cuaso.foundation.identity.logic.impersonate import refuse_act
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.logic.resolve_actor import capacities_of, resolve
from cuaso.foundation.identity.pages import refusal_page
from cuaso.kernel.actors import ANONYMOUS


class ActorMiddleware:
    """Set `request.actor` (kernel Actor) and, lazily, `request.capacities`.

    Stands after sessions, authentication and messages. A request without a session cookie costs
    no query and does not vary by cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            _end_when_over(request)
            actor = resolve(request)
            if actor.by_id is not None:
                # The `act` of RFC 8693, in every log line of the request.
                structlog.contextvars.bind_contextvars(
                    act={"sub": str(actor.by_id)}, sub=str(actor.person_id)
                )
                if (refused := refuse_act(request)) is not None:
                    vars(request).update(actor=actor, capacities=())
                    return refusal_page(request, refused)
            capacities: object = SimpleLazyObject(lambda: capacities_of(request))
        else:
            actor, capacities = ANONYMOUS, ()
        # Django's request carries what middleware learns; its type cannot name it.
        vars(request).update(actor=actor, capacities=capacities)
        return self.get_response(request)


def _end_when_over(request: HttpRequest) -> None:
    account = account_of(request)
    if account is None:
        return
    if keep_sessions.is_over(request.session, account=account):
        auth.logout(request)
        messages.info(request, "Phiên làm việc đã hết thời gian. Hãy đăng nhập lại để tiếp tục.")
    else:
        keep_sessions.touch(request.session)
