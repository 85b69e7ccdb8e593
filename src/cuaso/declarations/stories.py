"""Stories are tests that a domain expert reads; here they are carried out and compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from cuaso.declarations.pack import Pack
from cuaso.declarations.shape import Loose
from cuaso.declarations.story import Story

__all__ = ["Outcome", "Runner", "Story", "Verdict", "play"]

Verdict = Literal["passed", "failed", "not_run"]


class Runner(Protocol):
    """Carries out stories. A higher floor gives one that acts on the real engines."""

    @property
    def acts(self) -> frozenset[str]:
        """Return the names of the acts that it can carry out."""

    def run(self, story: Story, pack: Pack) -> Mapping[str, object]:
        """Return what came about, by the keys that `then` may ask for."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one story ended; `differences` say expected and found for each key."""

    story: Story
    verdict: Verdict
    differences: tuple[str, ...] = ()


def play(story: Story, pack: Pack, runners: Sequence[Runner]) -> Outcome:
    """Carry out a story by the first runner that knows all its acts."""
    for runner in runners:
        if set(story.acts) <= runner.acts:
            found = runner.run(story, pack)
            differences = tuple(_differences(story.then, found, ""))
            verdict: Verdict = "failed" if differences else "passed"
            return Outcome(story=story, verdict=verdict, differences=differences)
    return Outcome(story=story, verdict="not_run")


def _differences(expected: Loose, found: Loose, path: str) -> Iterator[str]:
    if isinstance(expected, Mapping):
        for key, one in expected.items():
            inner = found.get(key) if isinstance(found, Mapping) else None
            yield from _differences(one, inner, f"{path}.{key}" if path else str(key))
    elif isinstance(expected, list):
        if _words(expected) != _words(found if isinstance(found, list | tuple) else [found]):
            yield _say(path, expected, found)
    elif _word(expected) != _word(found):
        yield _say(path, expected, found)


def _say(path: str, expected: object, found: object) -> str:
    return f"“{path}”: mong đợi “{_shown(expected)}”, nhận được “{_shown(found)}”."


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_word(one) for one in value)
    return _word(value)


def _words(values: Sequence[object]) -> list[str]:
    return [_word(one) for one in values]


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
