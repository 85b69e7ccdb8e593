"""Where allauth asks us: sign-in, sign-out, citizens' accounts, secrets of second factors."""

from collections.abc import Mapping
from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse

from cuaso.foundation.identity import secrecy
from cuaso.foundation.identity.logic.accept_face import BIOMETRIC, PURPOSE, accept_face
from cuaso.foundation.identity.logic.count_tries import (
    entries_from,
    give_back,
    guesses_at,
    past,
)
from cuaso.foundation.identity.logic.identify import identify
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.logic.know_device import leave_mark
from cuaso.foundation.identity.logic.link_citizen import link_citizen, refuse_second_person
from cuaso.foundation.identity.logic.list_capacities import capacities
from cuaso.foundation.identity.logic.record_account_act import actor_for, record_account_act
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.pages import refusal_page
from cuaso.foundation.identity.provider.sessions.end import end_sign_ons
from cuaso.kernel.errors import Invalid, NotAllowed, Refusal, Unavailable

TOO_MANY = "Đã thử quá nhiều lần. Hãy chờ vài phút rồi thử lại."
WRONG_CODE = "Mã không đúng hoặc đã dùng. Hãy nhập mã mới nhất trên ứng dụng xác thực."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages: ClassVar[dict[str, str]] = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Tên đăng nhập hoặc mật khẩu không đúng. "
        "Hãy kiểm tra bộ gõ tiếng Việt và phím Caps Lock rồi thử lại.",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_password": "Mật khẩu không đúng.",
        "incorrect_code": WRONG_CODE,
    }
    said: ClassVar[dict[str, str]] = {
        "mfa/messages/totp_activated.txt": "Đã bật ứng dụng xác thực.",
        "mfa/messages/totp_deactivated.txt": "Đã tắt ứng dụng xác thực.",
        "mfa/messages/webauthn_added.txt": "Đã thêm khóa truy cập.",
        "mfa/messages/webauthn_removed.txt": "Đã gỡ khóa truy cập.",
        "mfa/messages/recovery_codes_generated.txt": "Đã tạo bộ mã dự phòng mới. Hãy cất giữ kỹ.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def pre_login(
        self, request: HttpRequest, user: Account, **kwargs: object
    ) -> HttpResponse | None:
        """A password or a passkey never opens a citizen's account, VNeID never an official's."""
        if (_vneid_login(kwargs) is not None) != (user.kind == Account.Kind.CITIZEN):
            refusal = NotAllowed(
                code="identity.wrong_door",
                what="Tài khoản này không đăng nhập được bằng cách vừa chọn.",
                mend="Công dân đăng nhập bằng VNeID; cán bộ đăng nhập bằng tên đăng nhập.",
            )
            return refusal_page(request, refusal)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: Account, **kwargs: object) -> HttpResponse:
        social = _vneid_login(kwargs)
        level = social.claims.assurance if social else 0
        identify(request, account=user, begins=True, vneid_level=level)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        leave_mark(request, response)
        return response

    def logout(self, request: HttpRequest) -> None:
        account = account_of(request)
        with transaction.atomic():
            if account is not None:
                record_account_act(account, act="identity.signed_out", request=request)
                end_sign_ons(
                    session_keys=[request.session.session_key or ""],
                    actor=actor_for(account, request=request),
                    why="signed_out",
                )
            super().logout(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        account = account_of(request)
        if account is None or account.kind == Account.Kind.CITIZEN:
            return resolve_url(settings.LOGIN_REDIRECT_URL)
        if len(capacities(account)) > 1:
            return reverse("capacity")
        return resolve_url(settings.CUASO_OFFICIAL_HOME)

    def add_message(  # noqa: PLR0917 the library calls it so
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: Mapping[str, object] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say ours in Vietnamese; what needs no word stays unsaid."""
        del message_context, extra_tags
        if sentence := message or self.said.get(message_template or ""):
            messages.add_message(request, level, sentence)

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Count the try before the password is looked at, so that many at once are all counted."""
        self._guesses = guesses_at(request, username=str(credentials.get("username", "")))
        if past([entries_from(request), *self._guesses]):
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """A right password was no guess; that somebody came in still counts for the place."""
        give_back(self._guesses)


class CitizenAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        del request, sociallogin
        return False

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: Mapping[str, object]
    ) -> Account:
        del request, data
        user: Account = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Point the sign-in to the one account of the person, or refuse it."""
        claims, state = sociallogin.claims, sociallogin.state
        try:
            if state.get(PURPOSE) == BIOMETRIC:
                raise ImmediateHttpResponse(
                    accept_face(request, claims=claims, next_url=state.get("next") or "")
                )
            if current := account_of(request):
                refuse_second_person(current, claims=claims)
            account = link_citizen(claims=claims)
        except Refusal as refusal:
            raise ImmediateHttpResponse(refusal_page(request, refusal)) from refusal
        sociallogin.user = account
        sociallogin.account = SocialAccount.objects.get(
            provider=sociallogin.account.provider, uid=sociallogin.account.uid
        )

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: object,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: Mapping[str, object] | None = None,
    ) -> None:
        del provider, extra_context
        if error == AuthError.CANCELLED:
            messages.info(request, "Đã từ chối chia sẻ thông tin nên chưa đăng nhập.")
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("sign-in")))
        # Errors of allauth's transport are OSErrors.
        refusal = unreachable() if isinstance(exception, OSError) else _not_fitting()
        raise ImmediateHttpResponse(refusal_page(request, refusal))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages: ClassVar[dict[str, str]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
    }

    def generate_authenticator_name(self, user: Account, type: str) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Khóa {count + 1}"

    def encrypt(self, text: str) -> str:
        return secrecy.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrecy.decrypt(encrypted_text)


def _vneid_login(told: Mapping[str, object]) -> SocialLogin | None:
    words = told.get("signal_kwargs")
    return words.get("sociallogin") if isinstance(words, Mapping) else None


def unreachable() -> Unavailable:
    return Unavailable(
        code="identity.vneid_unreachable",
        what="VNeID hiện không trả lời.",
        why="Hệ thống định danh đang gián đoạn hoặc mạng chậm.",
        mend="Hãy thử lại sau ít phút. Những gì đã lưu vẫn còn nguyên.",
    )


def _not_fitting() -> Invalid:
    return Invalid(
        code="identity.vneid_answer_invalid",
        what="Không hoàn tất được việc đăng nhập bằng VNeID.",
        why="Câu trả lời của VNeID không khớp với yêu cầu từ trình duyệt này, hoặc đã hết hạn.",
        mend="Hãy bắt đầu đăng nhập lại từ đầu.",
        status=400,
    )
