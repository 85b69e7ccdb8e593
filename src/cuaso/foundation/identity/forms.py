"""allauth's forms with sentences that say what to type."""

from typing import ClassVar

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as FactorReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm

from cuaso.foundation.identity.logic.note_wrong_codes import note_wrong_code

CODE = {"code": "Hãy nhập mã xác thực."}
PASSWORD = {"password": "Hãy nhập mật khẩu."}


class _Said:
    """Gives each required field its own sentence."""

    sentences: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, sentence in self.sentences.items():
            self.fields[name].error_messages["required"] = sentence  # type: ignore[attr-defined]


class SignInForm(_Said, LoginForm):  # type: ignore[misc]  # allauth ships no types
    sentences: ClassVar[dict[str, str]] = PASSWORD | {"login": "Hãy nhập tên đăng nhập."}


class ConfirmForm(_Said, ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    sentences: ClassVar[dict[str, str]] = PASSWORD


class FactorForm(_Said, AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    sentences: ClassVar[dict[str, str]] = CODE

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        note_wrong_code(self.user)


class FactorConfirmForm(_Said, FactorReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    sentences: ClassVar[dict[str, str]] = CODE


class TotpForm(_Said, ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    sentences: ClassVar[dict[str, str]] = CODE
