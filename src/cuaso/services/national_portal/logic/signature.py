"""Check that a message comes from the portal, and is new."""

import hmac
from datetime import timedelta

from cuaso.capabilities.exchange.api import peers
from cuaso.kernel import clock
from cuaso.kernel.errors import NotAllowed
from cuaso.services.national_portal.contracts import Sealed
from cuaso.services.national_portal.logic.surroundings import PEER

WINDOW = timedelta(minutes=5)


def check(sealed: Sealed) -> None:
    """Raise NotAllowed unless the message is the portal's and was signed in the last minutes.

    A message that is repeated within the window is harmless: each is taken in once by its key.
    """
    secret = peers.keys(PEER).get(sealed.key_id, "")
    right = peers.sign(
        secret,
        method=sealed.method,
        path=sealed.path,
        timestamp=sealed.timestamp,
        key_id=sealed.key_id,
        body=sealed.body,
    )
    if not secret or not hmac.compare_digest(right.encode(), sealed.signature.encode()):
        raise NotAllowed(
            code="national_portal.unsigned",
            what="Thông điệp không mang chữ ký đúng của Cổng Dịch vụ công quốc gia.",
            mend="Hãy kiểm tra mã khóa, khóa bí mật và nội dung đã ký.",
        )
    # Digits only once the signature is right, and bounded: nobody else reaches this line.
    stated = int(sealed.timestamp) if sealed.timestamp.isdecimal() else 0
    if abs(clock.now().timestamp() - stated) > WINDOW.total_seconds():
        raise NotAllowed(
            code="national_portal.stale",
            what="Thông điệp được ký quá lâu trước đây, hoặc đồng hồ hai bên lệch nhau.",
            why="Chữ ký chỉ có giá trị trong 5 phút.",
            mend="Hãy chỉnh đồng hồ rồi ký và gửi lại.",
        )
