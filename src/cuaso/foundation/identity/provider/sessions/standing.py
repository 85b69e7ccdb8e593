"""How and when the person of a request has proven who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from cuaso.foundation.identity.logic.strength import TWO, strength_of, way_of
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.terms import ONE_FACTOR, TWO_FACTORS
from cuaso.kernel.clock import now

# The words of RFC 8176; VNeID says no more than its level.
_AMR: Final[dict[str, str]] = {
    "password": "pwd",
    "totp": "otp",
    "recovery_codes": "kba",
    "webauthn": "pop",
    "certificate": "hwk",
    "biometric": "face",
    "socialaccount": "vneid",
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`auth_at` is the latest proof of the session, `acr` the strength of all of them."""

    auth_at: datetime
    acr: str
    amr: tuple[str, ...]

    def satisfies(self, wanted: Sequence[str]) -> bool:
        """Whether the strength is one of those wanted; the stronger stands for the weaker."""
        return (
            not wanted or self.acr in wanted or (self.acr == TWO_FACTORS and ONE_FACTOR in wanted)
        )


def standing_of(request: HttpRequest, *, account: Account) -> Standing:
    records = get_authentication_records(request, account)
    ways = {way_of(one) for one in records}
    last = max((float(one["at"]) for one in records), default=None)
    level = int(request.session.get("identity_vneid_level", 0))
    strong = strength_of(ways, vneid_level=level) >= TWO
    amr = [_AMR[way] for way in _AMR if way in ways]
    return Standing(
        auth_at=datetime.fromtimestamp(last, tz=UTC) if last else now(),
        acr=TWO_FACTORS if strong else ONE_FACTOR,
        amr=(*amr, *(("mfa",) if strong else ())),
    )


def may_step_up(account: Account) -> str:
    """Return the address name where the person shows a second factor, `""` without one."""
    kinds = set(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    if Authenticator.Type.TOTP in kinds:
        return "mfa_reauthenticate"
    return "mfa_reauthenticate_webauthn" if Authenticator.Type.WEBAUTHN in kinds else ""
