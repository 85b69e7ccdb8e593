"""The house's addresses with the API's among them."""

from django.urls import include, path

from cuaso.wiring import urls

urlpatterns = [path("api/v1/", include("cuaso.channels.rest.urls")), *urls.urlpatterns]
handler404 = urls.handler404
handler429 = urls.handler429
