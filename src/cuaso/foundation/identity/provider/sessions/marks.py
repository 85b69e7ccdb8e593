"""What a browser has been asked to do for a request, so that it is asked once."""

from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase

from cuaso.kernel.clock import now

KEY: Final = "identity_oidc_marks"
_MOST: Final = 10


def asked_at(session: SessionBase, mark: str, *, what: str) -> float | None:
    """Return when that was asked for the request, as a stamp."""
    found = session.get(KEY, {}).get(mark, {}).get(what)
    return float(found) if found is not None else None


def remember(session: SessionBase, mark: str, *, what: str) -> None:
    marks: dict[str, Any] = dict(session.get(KEY, {}))
    marks[mark] = {**marks.pop(mark, {}), what: now().timestamp()}
    session[KEY] = dict(list(marks.items())[-_MOST:])


def forget_mark(session: SessionBase, mark: str) -> bool:
    """Return whether anything had been asked for the request."""
    marks = dict(session.get(KEY, {}))
    if marks.pop(mark, None) is None:
        return False
    session[KEY] = marks
    return True
