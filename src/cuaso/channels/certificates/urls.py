"""Addresses of the authority between systems."""

from django.urls import path

from cuaso.channels.certificates.views import machines, pages

app_name = "certificates"
urlpatterns = [
    path("acme/directory", machines.directory, name="acme-directory"),
    path("acme/new-nonce", machines.nonce, name="acme-nonce"),
    path("acme/<path:path>", machines.acme, name="acme"),
    path("chung-thu/goc.crt", machines.authority, name="authority"),
    path("chung-thu/thu-hoi.crl", machines.crl, name="crl"),
    path("chung-thu/ocsp", machines.ocsp, name="ocsp"),
    path("chung-thu/ocsp/<path:question>", machines.ocsp, name="ocsp-get"),
    # Pages.
    path("bao-mat/chung-thu-he-thong/", pages.overview, name="overview"),
    path("bao-mat/chung-thu-he-thong/<str:serial>.pem", pages.fetch, name="fetch"),
]
