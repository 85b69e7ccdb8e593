"""Answers that hold until their source changes: reference data is read often, changed rarely.

A source has a stamp, renewed in the very transaction that changes its rows. Within one moment (a
request) the stamp is asked for once; answers kept under that stamp are given again. Outside a
moment nothing is remembered, so jobs, commands and acts on their own always read the rows.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from cuaso.kernel import clock

P = ParamSpec("P")
T = TypeVar("T")

_stamps: ContextVar[dict["Memory", str] | None] = ContextVar("cuaso_stamps", default=None)
_kept: ContextVar[dict[object, object] | None] = ContextVar("cuaso_kept", default=None)
_early: dict[str, None] = {}
_memories: "list[Memory]" = []
_EARLY: Final = "remembering.early"


@contextmanager
def one_moment() -> Iterator[None]:
    """Let memories answer until the end of the block."""
    token, kept = _stamps.set({}), _kept.set({})
    try:
        yield
    finally:
        _stamps.reset(token)
        _kept.reset(kept)


def forget_everything() -> None:
    """Empty every memory of this process: what is counted or timed next begins without answers."""
    for memory in _memories:
        memory.forget()


def once(key: object, make: Callable[[], T]) -> T:
    """Return what `make` gave at the first call with this key in this moment."""
    kept = _kept.get()
    if kept is None:
        return make()
    if key not in kept:
        kept[key] = make()
    return kept[key]  # type: ignore[return-value] # kept under this key by this function alone


def forget_once(key: object) -> None:
    """Let the next `once` with this key ask again: this moment has changed the source itself."""
    kept = _kept.get()
    if kept is not None:
        kept.pop(key, None)
        kept.pop(_EARLY, None)


def asked_early(statement: str) -> str:
    """Return a statement of one value that most moments ask; who begins a moment may ask it with
    the others, in one statement, and tell the answer by `foresee`.
    """
    _early[statement] = None
    return statement


def early() -> tuple[str, ...]:
    """Return the statements that most moments ask."""
    return tuple(_early)


def foresee(answers: Mapping[str, object]) -> None:
    """Let this moment have these answers, until it changes a source itself."""
    kept = _kept.get()
    if kept is not None:
        kept[_EARLY] = dict(answers)


def foreseen(statement: str) -> object | None:
    """Return the answer that this moment has to a statement, None for none."""
    kept = _kept.get()
    answers = kept.get(_EARLY) if kept is not None else None
    return answers.get(statement) if isinstance(answers, dict) else None


class Memory:
    """Keeps at most `most` answers of its functions for the stamp that the source has now.

    stamp: asks the source; "" means that it has none, and then nothing is kept. Answers must be
    immutable, and depend on the arguments, the source and the legal day alone. What raises is not
    kept.
    """

    def __init__(self, *, stamp: Callable[[], str], most: int = 20_000) -> None:
        self._ask, self._most = stamp, most
        self._kept: tuple[str, dict[object, object]] = ("", {})
        _memories.append(self)

    def forget(self) -> None:
        self._kept = ("", {})

    def keep(self, function: Callable[P, T]) -> Callable[P, T]:
        """Return the function with a memory."""

        @wraps(function)
        def remembered(*given: P.args, **named: P.kwargs) -> T:
            stamp = self._stamp()
            if not stamp:
                return function(*given, **named)
            key = (function, clock.today(), given, tuple(sorted(named.items())))
            answers = self._answers(stamp)
            if key in answers:
                return answers[key]  # type: ignore[return-value]
            answer = function(*given, **named)
            if len(answers) >= self._most:
                answers.clear()
            answers[key] = answer
            return answer

        return remembered

    def _stamp(self) -> str:
        stamps = _stamps.get()
        if stamps is None:
            return ""
        if self not in stamps:
            stamps[self] = self._ask()
        return stamps[self]

    def _answers(self, stamp: str) -> dict[object, object]:
        kept_under, answers = self._kept
        if kept_under != stamp:
            answers = {}
            self._kept = (stamp, answers)
        return answers

    def stamp(self) -> str:
        """Return the stamp of this moment, under which others may keep what they make of these
        answers; "" where nothing may be kept.
        """
        return self._stamp()

    def renew(self) -> None:
        """Ask for the stamp again: this moment has changed the source itself."""
        stamps = _stamps.get()
        if stamps is not None:
            stamps.pop(self, None)
        forget_once(_EARLY)
