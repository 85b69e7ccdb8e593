"""Which system calls a service of the house with a token of its own."""

from django.http import HttpRequest

from cuaso.foundation.identity.contracts import CallingSystem
from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.views import tokens
from cuaso.kernel.errors import NotAllowed


def calling_system(request: HttpRequest, *, scope: str) -> CallingSystem:
    """Return the system whose own token (client_credentials) the request shows.

    Raises NotAllowed: 401 without a good token, or with one bound to a key that is not shown; 403
    when the token is a person's or was not given for this scope.
    """
    try:
        known = tokens._shown_token(request)  # noqa: SLF001 the same door as userinfo
    except ProtocolError as error:
        raise NotAllowed(
            code="identity.token_not_good",
            what="Thiếu mã truy cập, hoặc mã truy cập không còn dùng được.",
            why=error.description,
            mend="Hãy xin mã truy cập mới bằng client_credentials rồi gửi lại.",
            status=401,
        ) from error
    if known.account_id is not None or scope not in known.scopes:
        raise NotAllowed(
            code="identity.scope_missing",
            what="Mã truy cập này không dùng được ở đây.",
            why=f"Mã phải được cấp cho chính hệ thống, với phạm vi “{scope}”.",
            mend="Hãy đề nghị quản trị viên của tỉnh cho hệ thống phạm vi này.",
        )
    return CallingSystem(client_id=known.client_id, scopes=frozenset(known.scopes))
