"""Go on in another capacity: an act of the ledger."""

from django.db import transaction
from django.http import HttpRequest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.contracts import Capacity
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.logic.list_capacities import capacities
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.subjects import Subject

SESSION_KEY = "identity_capacity"


def switch(request: HttpRequest, capacity_key: str) -> Capacity:
    """Make one of the account's own capacities the current one.

    Raises NotAllowed when the account has no such capacity today; nothing has changed then.
    """
    account = account_of(request)
    stock = capacities(account) if account else ()
    chosen = next((one for one in stock if one.key == capacity_key), None)
    if account is None or chosen is None:
        raise NotAllowed(
            code="identity.not_your_capacity",
            what="Không chuyển được sang tư cách này.",
            why="Tài khoản hiện không có tư cách đó; chức vụ hoặc quyền đại diện có thể "
            "đã kết thúc.",
            mend="Hãy chọn một tư cách trong danh sách.",
        )
    with transaction.atomic():
        audit.record(
            actor=chosen.actor,
            act="identity.capacity_switched",
            subject=Subject(kind="identity.account", id=account.id),
            content={"to": chosen.key, "from": request.session.get(SESSION_KEY, "")},
        )
        request.session[SESSION_KEY] = chosen.key
        request.session.save()
    return chosen
