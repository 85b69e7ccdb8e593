"""Addresses of the SAML identity provider; those of machines are the ones that metadata tells."""

from django.urls import path

from cuaso.foundation.identity.saml.views import partners, sign_in, sign_out

urlpatterns = [
    path("saml/metadata", partners.metadata, name="saml-metadata"),
    path("saml/sso", sign_in.sign_in, name="saml-sign-in"),
    path("saml/sso/tiep", sign_in.go_on, name="saml-go-on"),
    path("saml/slo", sign_out.sign_out, name="saml-sign-out"),
    path("saml/slo/di", sign_out.leave, name="saml-leave"),
    # Pages.
    path("bao-mat/he-thong-saml/", partners.partners, name="saml-partners"),
    path("bao-mat/he-thong-saml/dang-ky/", partners.apply, name="saml-apply"),
    path("bao-mat/he-thong-saml/<uuid:partner_id>/", partners.decided, name="saml-decide"),
]
