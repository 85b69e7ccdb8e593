"""Who asks: the session's actor; who writes also shows the session's anti-forgery token."""

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from cuaso.channels.rest import problems
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed


class Session(APIKeyCookie):
    """Lets in whoever is signed in, in the capacity of the session."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Return the actor; None for a guest. Raises NotAllowed for a forged request."""
        actor = self.authenticate(request, None)
        if actor is not None and check_csrf(request) is not None:
            raise problems.forged()
        return actor

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        del key
        actor = identity.actor_of(request)
        if actor.kind != "anonymous":
            return actor
        if request.user.is_authenticated:
            raise NotAllowed(
                code="rest.no_capacity",
                what="Tài khoản hiện không có tư cách nào.",
                why="Chức vụ đã kết thúc hoặc chưa bắt đầu.",
                mend="Hãy hỏi quản trị viên của cơ quan.",
            )
        return None
