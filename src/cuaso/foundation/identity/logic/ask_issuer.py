"""What the issuer of a certificate says of it now, and what the house does with the answer."""

from collections.abc import Callable, Sequence

from cryptography import x509
from django.conf import settings
from django.utils.module_loading import import_string

from cuaso.foundation.identity.contracts import CertificateStanding
from cuaso.kernel import clock
from cuaso.kernel.errors import NotAllowed, Unavailable

Judge = Callable[..., list[CertificateStanding]]


def standing_of(pem: str) -> CertificateStanding:
    """Ask whom wiring has named (RFC 5280, RFC 6960); never inside a transaction."""
    return standings_of([pem])[0]


def standings_of(
    pems: Sequence[str], *, ahead: bool = False, anew: bool = False
) -> list[CertificateStanding]:
    """Ask about many at once: an issuer that is silent is waited for once.

    `ahead` has answers fetched that will soon be old, so that nobody waits for them at a door;
    `anew` asks whatever is kept, which counts when nobody answers.
    """
    if not settings.CUASO_CERTIFICATE_JUDGE:
        nowhere = CertificateStanding(state="unknown", why="Chưa đặt nơi hỏi về chứng thư.")
        return [nowhere for _ in pems]
    judge: Judge = import_string(settings.CUASO_CERTIFICATE_JUDGE)
    return judge(pems=pems, ahead=ahead, anew=anew)


def accepts_unasked() -> bool:
    """Say whether a certificate is believed though its issuer cannot be asked: declared, not
    guessed.
    """
    return bool(settings.CUASO_UNREACHABLE_ISSUER == "accept")


def holds(pem: str) -> bool:
    """Say whether a system's registered certificate may be believed now.

    Nobody stands above a certificate that signed itself (RFC 8705, 2.2): it is taken back where
    it was registered.
    """
    read = x509.load_pem_x509_certificate(pem.encode())
    if read.issuer == read.subject:
        return True
    state = standing_of(pem).state
    return state == "good" or (state == "unknown" and accepts_unasked())


def revoked(standing: CertificateStanding) -> NotAllowed:
    at = standing.revoked_at
    since = f" từ {at.astimezone(clock.VIETNAM):%H:%M ngày %d/%m/%Y}" if at else ""
    return NotAllowed(
        code="identity.certificate_revoked",
        what="Chứng thư số này đã bị thu hồi.",
        why=f"Cơ quan cấp cho biết chứng thư không còn giá trị{since}.",
        mend="Hãy đăng nhập bằng cách khác, rồi đăng ký chứng thư mới.",
    )


def unasked(standing: CertificateStanding) -> Unavailable:
    return Unavailable(
        code="identity.certificate_unasked",
        what="Chưa nhận được chứng thư số này.",
        why=f"Chưa hỏi được cơ quan cấp xem chứng thư có bị thu hồi không. {standing.why}",
        mend="Hãy thử lại sau ít phút, hoặc đăng nhập bằng cách khác.",
    )
