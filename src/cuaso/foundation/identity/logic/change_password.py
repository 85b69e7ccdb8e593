"""An official's new password: the old one is shown first, the other sessions end."""

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest

from cuaso.foundation.identity.logic import keep_sessions
from cuaso.foundation.identity.logic.activate_account import password_problems
from cuaso.foundation.identity.logic.record_account_act import actor_for, record_account_act
from cuaso.foundation.identity.logic.tell_factor import tell_factor
from cuaso.foundation.identity.models import Account
from cuaso.kernel.errors import Invalid, Problem


def change_password(
    request: HttpRequest, *, account: Account, current: str, password: str, again: str
) -> None:
    """Give the account another password; raise Invalid when the present one is wrong or the new
    one is unfit, and change nothing then.
    """
    problems = password_problems(account, password, again)
    if not account.check_password(current):
        problems.insert(0, Problem(field="current", say="Mật khẩu hiện tại không đúng."))
    if problems:
        raise Invalid(
            code="identity.password_unfit",
            what="Chưa đổi được mật khẩu.",
            mend="Hãy xem từng chỗ được nêu.",
            problems=tuple(problems),
        )
    with transaction.atomic():
        account.set_password(password)
        account.save(update_fields=["password"])
        keep_sessions.end_others(request, actor=actor_for(account, request=request))
        update_session_auth_hash(request, account)
        record_account_act(account, act="identity.password_changed", request=request)
        tell_factor(account, act="identity.password_changed")
