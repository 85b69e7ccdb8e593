"""Every address of the house."""

from django.urls import URLPattern, URLResolver, include, path

from cuaso.wiring.observability import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.figures, name="metrics"),
    path("api/v1/", include("cuaso.channels.rest.urls")),
    path("ban-lam-viec/", include("cuaso.channels.desk.urls")),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("", include("cuaso.foundation.identity.urls")),
    path("", include("cuaso.channels.rest.authzen.urls")),
    path("scim/v2/", include("cuaso.channels.rest.scim.urls")),
    path("lien-thong/quoc-gia/", include("cuaso.channels.national.urls")),
    path("", include("cuaso.channels.certificates.urls")),
    path("", include("cuaso.channels.portal.urls")),
]

handler400 = "cuaso.channels.design.errors.unreadable"
handler403 = "cuaso.channels.design.errors.forbidden"
handler404 = "cuaso.channels.design.errors.not_found"
handler429 = "cuaso.foundation.identity.pages.too_many"
handler500 = "cuaso.channels.design.errors.broken"
