"""Systems and followers are known by their names, each name once."""

from typing import TypeVar

from cuaso.capabilities.provisioning import models
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.text import one_line

Named = TypeVar("Named", models.System, models.Follower)


def locked(kind: type[Named], name: str, *, code: str, what: str) -> Named:
    """Lock a row by its name, inside the act's transaction; raise NotFound with `code`, `what`."""
    row = kind.objects.select_for_update().filter(name=one_line(name)).first()
    if row is None:
        raise NotFound(code=code, what=what, mend="Hãy xem lại tên của hệ thống trong danh sách.")
    return row


def refuse_taken(kind: type[Named], name: str, *, code: str, what: str, mend: str) -> None:
    """Raise Conflict with these words for a name that is in use."""
    if kind.objects.filter(name=one_line(name)).exists():
        raise Conflict(code=code, what=what, mend=mend)
