"""Whoever owns an account learns of every change of what opens it."""

from collections.abc import Mapping
from typing import Final

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.models import Account
from cuaso.kernel.subjects import Subject

SENTENCES: Final[Mapping[str, str]] = {
    "identity.password_changed": "Mật khẩu của ông/bà vừa được đổi.",
    "identity.totp_activated": "Ứng dụng xác thực vừa được bật cho tài khoản của ông/bà.",
    "identity.totp_deactivated": "Ứng dụng xác thực của tài khoản ông/bà vừa được tắt.",
    "identity.passkey_added": "Một khóa truy cập vừa được thêm vào tài khoản của ông/bà.",
    "identity.passkey_removed": "Một khóa truy cập vừa được gỡ khỏi tài khoản của ông/bà.",
    "identity.recovery_codes_generated": "Bộ mã dự phòng mới của ông/bà vừa được tạo.",
    "identity.certificate_named": "Một chứng thư số vừa được đăng ký để mở tài khoản của ông/bà.",
    "identity.certificate_removed": "Một chứng thư số vừa được gỡ khỏi tài khoản của ông/bà.",
    "identity.certificate_revoked": "Chứng thư số mở tài khoản của ông/bà đã bị cơ quan cấp thu "
    "hồi, nên không còn dùng để đăng nhập được.",
    "identity.codes_guessed": "Có người vừa nhập đúng mật khẩu của ông/bà nhưng ba lần sai mã xác "
    "thực, nên chưa đăng nhập được. Mật khẩu có thể đã lộ: hãy đổi mật khẩu.",
    "identity.face_linked": "Kết quả sinh trắc vừa được liên kết với tài khoản của ông/bà.",
}


def tell_factor(account: Account, *, act: str) -> None:
    """Publish that what opens the account has changed; inside the change's transaction."""
    audit.publish(
        topic="identity.factor_changed",
        subject=Subject(kind="identity.account", id=account.id),
        payload={"say": SENTENCES[act]},
    )
