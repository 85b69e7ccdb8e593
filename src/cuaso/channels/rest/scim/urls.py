"""SCIM's addresses: one view knows them all, as the standard names them."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

app_name = "scim"
_VIEW: Final = "cuaso.channels.rest.scim.views.scim"


# scim2-models takes a second of CPU to build its classes, and most processes never speak SCIM.
@csrf_exempt
def _scim(request: HttpRequest, path: str) -> HttpResponse:
    response: HttpResponse = import_string(_VIEW)(request, path)
    return response


urlpatterns = [
    path("", _scim, {"path": ""}, name="root"),
    path("<path:path>", _scim),
]
