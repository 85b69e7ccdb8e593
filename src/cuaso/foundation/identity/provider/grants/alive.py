"""Whether what hangs on a sign-on is still good."""

from typing import Final
from uuid import UUID

from cuaso.foundation.identity.asking import first_row
from cuaso.kernel.clock import now

_ALIVE: Final = """
select 1 from identity_signon s
join identity_account a on a.id = s.account_id and a.is_active
join django_session d on d.session_key = s.session_key and d.expire_date > %(now)s
where s.id = %(id)s and s.ended_at is null and s.until > %(now)s
"""


def is_alive(sign_on_id: UUID | None) -> bool:
    """Return whether the sign-on, its account and the house's session all stand."""
    return first_row(_ALIVE, {"id": sign_on_id, "now": now()}) is not None
