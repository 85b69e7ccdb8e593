"""Why this house may not run in production mode."""

from cuaso.foundation.identity.models import Account


def production_refusals() -> tuple[str, ...]:
    """Return full sentences; empty when nothing stands against production."""
    names = (
        Account.objects.filter(is_demo=True, is_active=True)
        .order_by("username")
        .values_list("username", flat=True)
    )
    if not names:
        return ()
    shown = ", ".join(names[:5])
    sentence = (
        f"Còn {len(names)} tài khoản dùng thử với mật khẩu ai cũng biết ({shown}…). "
        "Hãy xóa hoặc khóa chúng trước khi chạy chính thức."
    )
    return (sentence,)
