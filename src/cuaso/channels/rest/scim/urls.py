"""SCIM's addresses: one view knows them all, as the standard names them."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

app_name = "scim"
_VIEW: Final = "cuaso.channels.rest.scim.views.scim"
_PHOTO: Final = "cuaso.channels.rest.scim.photos.photo"


# scim2-models takes a second of CPU to build its classes, and most processes never speak SCIM.
@csrf_exempt
def _scim(request: HttpRequest, path: str) -> HttpResponse:
    response: HttpResponse = import_string(_VIEW)(request, path)
    return response


def _photo(request: HttpRequest, id: UUID) -> HttpResponse:
    response: HttpResponse = import_string(_PHOTO)(request, id)
    return response


urlpatterns = [
    path("", _scim, {"path": ""}, name="root"),
    path("Photos/<uuid:id>.jpg", _photo, name="photo"),
    path("<path:path>", _scim),
]
