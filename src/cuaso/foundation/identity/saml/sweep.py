"""Keep the room of SAML tidy: the next key in time, and nothing longer than it is needed."""

from cuaso.foundation.identity.saml.keys.stock import renew_due
from cuaso.foundation.identity.saml.models import LeaveWalk, ParkedSignIn
from cuaso.kernel.clock import now


def tend_partners() -> int:
    """Publish the next key when it is time and forget what is long over; return 0."""
    renew_due()
    for waiting in (ParkedSignIn, LeaveWalk):
        waiting.objects.filter(expires_at__lt=now()).delete()
    return 0
