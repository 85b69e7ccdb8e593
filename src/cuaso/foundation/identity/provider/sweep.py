"""Keep the provider tidy: the next keys in time, and nothing longer than it is needed."""

from datetime import timedelta
from typing import Final

from django.db.models import Q

from cuaso.foundation.identity.provider.keys.rotate import rotate_due
from cuaso.foundation.identity.provider.models import (
    DeviceRequest,
    Grant,
    LogoutNotice,
    PushedRequest,
    SignOn,
    SpentProof,
    Token,
)
from cuaso.kernel.clock import now

# A replayed code or refresh token is recognised for a day after its end; the ledger keeps the rest.
KEPT: Final = timedelta(days=1)
NOTICES_KEPT: Final = timedelta(days=30)


def tend_provider() -> int:
    """Publish the next keys when it is time and forget what is long over; return 0."""
    rotate_due()
    moment = now()
    for waiting in (PushedRequest, SpentProof):
        waiting.objects.filter(expires_at__lt=moment).delete()
    DeviceRequest.objects.filter(expires_at__lt=moment - KEPT).delete()
    Token.objects.filter(expires_at__lt=moment - KEPT).delete()
    LogoutNotice.objects.filter(written_at__lt=moment - NOTICES_KEPT).delete()
    over = Q(sign_on__until__lt=moment - KEPT) | Q(sign_on__ended_at__lt=moment - KEPT)
    machine = Q(sign_on=None, created_at__lt=moment - KEPT)
    Grant.objects.filter(over | machine).delete()
    gone = SignOn.objects.filter(ended_at__lt=moment - NOTICES_KEPT)
    gone.delete()
    return 0
