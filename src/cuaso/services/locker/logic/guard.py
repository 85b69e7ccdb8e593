"""Stop guessing: a link or a code that met too many wrong second facts rests for a while."""

from datetime import timedelta

from cuaso.kernel import clock
from cuaso.kernel.errors import TooMany
from cuaso.services.locker.models import FailedTry

TRIES = 5
REST = timedelta(minutes=15)


def refuse_when_tired(*, target: str) -> None:
    """Raise TooMany when `target` met TRIES wrong facts within REST."""
    since = clock.now() - REST
    if FailedTry.objects.filter(target=target, at__gte=since).count() >= TRIES:
        raise TooMany(
            code="locker.too_many_tries",
            what="Mã này vừa bị nhập sai nhiều lần.",
            why=f"Sau {TRIES} lần sai, mã tạm khoá 15 phút để không ai dò được.",
            mend="Hãy thử lại sau 15 phút, hoặc hỏi lại người đã gửi mã cho bạn.",
        )


def note_failure(*, target: str) -> None:
    """Remember one wrong fact about `target`."""
    FailedTry.objects.create(target=target, at=clock.now())
