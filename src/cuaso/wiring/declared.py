"""The shapes of the rows in the literal tables of `engines` and `processes`."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Loop:
    """Work that the worker repeats. `call` is a dotted function of no argument.

    every_seconds: the longest pause between two turns. wakes_on: a NOTIFY channel that ends the
    pause early, `""` for none. A turn that returns a positive number is followed by another at
    once. gathers_seconds: how long a wake waits for more, so that one turn does the work of many.
    """

    name: str
    call: str
    every_seconds: float
    wakes_on: str = ""
    gathers_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class InstallStep:
    """One step of installing packs and demonstration data.

    call: a dotted function of no argument. watches: `packs`, or paths below the root; when
    their content changed, this step and those after it run again. demo_only: never in
    production.
    """

    name: str
    caption: str
    call: str
    watches: tuple[str, ...]
    demo_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process of the house.

    argv may name python, host, port, second_port, var, packs, public_url and web_workers in braces.
    port, second_port: offsets from CUASO_PORT, None when it listens on nothing.
    health: path that answers 200 when the process works; with `""` an open port is enough.
    public: listens where CUASO_HOST says, not on loopback.
    tells: environment variables by which all processes learn of it; they may name the same.
    secrets: environment variables that it shares with all, made anew at each start when not set.
    wanted_by: an environment variable without which it is not started, `""` for none.
    """

    name: str
    title: str
    argv: tuple[str, ...]
    modes: frozenset[str] = frozenset({"demo", "test", "production"})
    health: str = ""
    port: int | None = None
    second_port: int | None = None
    public: bool = False
    tells: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    wanted_by: str = ""

    @property
    def offsets(self) -> tuple[int, ...]:
        return tuple(offset for offset in (self.port, self.second_port) if offset is not None)
