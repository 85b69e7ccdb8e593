"""Guessing stops: so many tries from one address, or at one code, in ten minutes.

The portal's tries count with these: whoever changes the door begins no new count.
"""

from django.http import HttpRequest

from cuaso.foundation.identity import api as identity
from cuaso.kernel.errors import TooMany


def spend(request: HttpRequest, *, action: str, target: str = "") -> None:
    """Count one try; raise TooMany past the limit of the address or of the code."""
    if identity.guesses_too_much(request, action=action, target=target):
        raise TooMany(
            code="rest.too_many_tries",
            what="Đã thử quá nhiều lần trong thời gian ngắn.",
            why="Số lần thử được giới hạn để không ai dò được hồ sơ của người khác.",
            mend="Hãy chờ 10 phút rồi thử lại.",
        )
