"""Addresses of sign-in, capacities and security; allauth's names are the ones that it reverses.

Nothing else of allauth is reachable: no sign-up, no reset of passwords by e-mail.
"""

from collections.abc import Callable

from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.http import HttpResponseBase
from django.urls import include, path
from django.views.generic import RedirectView

from cuaso.foundation.identity.gates import official_required
from cuaso.foundation.identity.views import (
    activate,
    administration,
    capacity,
    proving,
    security,
    sign_in,
)

_official_door = RedirectView.as_view(pattern_name="sign-in-official", query_string=True)
_security_page = RedirectView.as_view(pattern_name="security")
_passkey = LoginWebAuthnView.as_view()


def _own(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    return official_required(view)


urlpatterns = [
    path("", include("cuaso.foundation.identity.provider.urls")),
    path("", include("cuaso.foundation.identity.saml.urls")),
    path("dang-nhap/", sign_in.choose, name="sign-in"),
    path("dang-nhap/can-bo/", sign_in.SignInOfficial.as_view(), name="sign-in-official"),
    path("dang-nhap/chung-thu/", proving.by_certificate, name="sign-in-certificate"),
    path("dang-nhap/khuon-mat/", proving.by_face, name="sign-in-face"),
    path("xac-thuc-them/", proving.step_up, name="step-up"),
    path("xac-thuc-them/chung-thu/", proving.prove_certificate, name="prove-by-certificate"),
    path("xac-thuc-them/khuon-mat/", proving.by_face, name="prove-by-face"),
    path("bao-mat/chung-thu/", proving.add_certificate, name="add-certificate"),
    path("bao-mat/chung-thu/<uuid:id>/go/", proving.drop_certificate, name="drop-certificate"),
    path("tai-khoan/quan-tri/", administration.accounts, name="accounts"),
    path("tai-khoan/quan-tri/khoi-phuc/", administration.recover_citizen, name="recover-citizen"),
    path(
        "tai-khoan/quan-tri/khoi-phuc/<uuid:id>/",
        administration.finish,
        name="finish-recovery",
    ),
    path("tai-khoan/quan-tri/thoi-xem-thay/", administration.end_look, name="end-looking"),
    path("tai-khoan/quan-tri/<uuid:id>/", administration.account, name="account"),
    path("bao-mat/khoi-phuc/huy/", security.stop_recovery, name="stop-recovery"),
    path("dang-xuat/", sign_in.sign_out, name="sign-out"),
    path("tai-khoan/kich-hoat/", activate.activation, name="activate-account"),
    path("tu-cach/", capacity.capacity, name="capacity"),
    path("bao-mat/", security.overview, name="security"),
    path("bao-mat/mat-khau/", security.password, name="change-password"),
    path("bao-mat/phien/", security.end_other_sessions, name="end-other-sessions"),
    path("tai-khoan/vneid/", sign_in.begin_vneid, name="sign-in-vneid"),
    # What allauth reverses.
    path("tai-khoan/cua/", _official_door, name="account_login"),
    path("tai-khoan/da-khoa/", sign_in.inactive, name="account_inactive"),
    path("tai-khoan/xac-nhan/", security.ConfirmPassword.as_view(), name="account_reauthenticate"),
    path("tai-khoan/xac-nhan/ma/", security.ConfirmCode.as_view(), name="mfa_reauthenticate"),
    path(
        "tai-khoan/xac-nhan/khoa/",
        security.ConfirmPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("tai-khoan/buoc-hai/", security.SecondFactor.as_view(), name="mfa_authenticate"),
    path("tai-khoan/khoa/dang-nhap/", _passkey, name="mfa_login_webauthn"),
    path("tai-khoan/bao-mat/", _security_page, name="mfa_index"),
    path("bao-mat/ung-dung/", _own(security.ActivateTotp.as_view()), name="mfa_activate_totp"),
    path(
        "bao-mat/ung-dung/tat/",
        _own(security.DeactivateTotp.as_view()),
        name="mfa_deactivate_totp",
    ),
    path("bao-mat/ma/", _own(security.ViewCodes.as_view()), name="mfa_view_recovery_codes"),
    path(
        "bao-mat/ma/tao/",
        _own(security.GenerateCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path("bao-mat/khoa/", _own(security.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(
        "bao-mat/khoa/<int:pk>/go/",
        _own(security.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("tai-khoan/khoa/", _security_page, name="mfa_list_webauthn"),
    path(
        "tai-khoan/<slug:provider_id>/tra-loi/",
        sign_in.complete_vneid,
        name="openid_connect_callback",
    ),
]
