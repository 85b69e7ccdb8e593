"""The API's addresses. Whatever is refused below them is refused as a problem, never as a page."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from cuaso.channels.rest import problems
from cuaso.channels.rest.api import api

View = Callable[..., HttpResponseBase]
app_name = "rest"


def _said(view: View) -> View:
    """Say "method not allowed" as a problem."""

    @wraps(view)
    def saying(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            return problems.not_allowed_here(request, response)
        return response

    return saying


@csrf_exempt
def _missing(request: HttpRequest) -> HttpResponseBase:
    return problems.missing(request)


def _patterns() -> list[URLPattern]:
    found = [one for one in api.urls[0] if isinstance(one, URLPattern)]
    for one in found:
        one.callback = _said(one.callback)
    # A line break, escaped in an address, is no dot.
    return [*found, re_path(r"^[\s\S]*$", _missing)]


urlpatterns = _patterns()
