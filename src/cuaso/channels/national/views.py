"""The portal's five messages."""

from django.http import HttpRequest, HttpResponse

from cuaso.channels.national import answers
from cuaso.services.national_portal import api as national_portal
from cuaso.services.national_portal.contracts import Sealed


@answers.door
def submit(request: HttpRequest) -> HttpResponse:
    """Take in a dossier that was submitted at the portal."""
    return answers.receipt(national_portal.receive_dossier(_sealed(request)))


@answers.door
def supplement(request: HttpRequest, *, code: str) -> HttpResponse:
    """Take in the answer to a request for a supplement."""
    return answers.receipt(national_portal.receive_supplement(_sealed(request), code=code))


@answers.door
def withdraw(request: HttpRequest, *, code: str) -> HttpResponse:
    """Take in the applicant's wish to withdraw."""
    return answers.receipt(national_portal.receive_withdrawal(_sealed(request), code=code))


@answers.door
def fee(request: HttpRequest, *, code: str) -> HttpResponse:
    """Take in the notice that a fee was paid at the portal."""
    return answers.receipt(national_portal.receive_fee(_sealed(request), code=code))


@answers.door
def refund(request: HttpRequest, *, code: str) -> HttpResponse:
    """Take in the notice of what became of a refund that we asked for."""
    return answers.receipt(national_portal.receive_refund(_sealed(request), code=code))


def _sealed(request: HttpRequest) -> Sealed:
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > national_portal.MOST_BYTES:
        raise answers.too_large()
    return Sealed(
        method=str(request.method),
        path=request.path,
        body=request.body,
        key_id=request.headers.get("X-National-Key", ""),
        timestamp=request.headers.get("X-National-Time", ""),
        signature=request.headers.get("X-National-Signature", ""),
    )
