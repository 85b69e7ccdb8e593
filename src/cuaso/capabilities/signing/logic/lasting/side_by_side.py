"""Many questions about revocation at once: who is silent is waited for once."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import httpx
from cryptography import x509

from cuaso.capabilities.signing.logic.lasting.asking import (
    NoAnswer,
    Silent,
    ask_by,
    client_for,
    is_outside,
    sources,
)
from cuaso.capabilities.signing.logic.lasting.revocation import (
    Answer,
    AnswerKind,
    finding,
    why_nothing,
)
from cuaso.capabilities.signing.logic.lasting.running import run

Pair = tuple[x509.Certificate, x509.Certificate]  # a certificate and who issued it
MOST_AT_ONCE: Final = 32
MOST_AT_ONE_DOOR: Final = 8
# All questions of a round together: OCSP and then a list may each let their five seconds pass.
ROUND_SECONDS: Final = 12.0
TOO_LATE = "chưa hỏi xong trong thời gian của một lượt hỏi"


@dataclass(frozen=True, kw_only=True)
class Told:
    """An answer about a certificate that its issuer vouches for, and where it was had."""

    kind: AnswerKind
    url: str
    answer: Answer


@dataclass
class _Door:
    """One host's door for one kind of question."""

    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONE_DOOR))
    answered_at: float = 0.0
    silent: str = ""


class _Round:
    """One round of questions; every door and every list once."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self._doors: dict[tuple[AnswerKind, str], _Door] = {}
        self._lists: dict[str, asyncio.Task[Answer]] = {}
        self._clients: dict[bool, httpx.AsyncClient] = {}

    async def told(self, pair: Pair) -> Told | str:
        """Return the first answer that holds, or why there is none."""
        certificate, issuer = pair
        missing = []
        for kind, url in sources(certificate):
            try:
                answer = await self._answer(kind, url, pair)
            except NoAnswer as error:
                missing.append(str(error))
                continue
            if finding(answer, certificate=certificate, issuer=issuer) is not None:
                return Told(kind=kind, url=url, answer=answer)
            missing.append(f"{url}: {why_nothing(answer)}")
        return "; ".join(missing)

    async def close(self) -> None:
        for task in self._lists.values():
            task.cancel()
        await asyncio.gather(*self._lists.values(), return_exceptions=True)
        for client in self._clients.values():
            await client.aclose()

    async def _answer(self, kind: AnswerKind, url: str, pair: Pair) -> Answer:
        if kind == "ocsp":
            return await self._at_door(kind, url, pair)
        if url not in self._lists:
            self._lists[url] = asyncio.create_task(self._at_door(kind, url, pair))
        return await asyncio.shield(self._lists[url])

    async def _at_door(self, kind: AnswerKind, url: str, pair: Pair) -> Answer:
        door = self._doors.setdefault((kind, urlsplit(url).netloc), _Door())
        async with door.room, self._room:
            if door.silent:
                raise Silent(door.silent)
            began = time.monotonic()
            try:
                answer = await ask_by(
                    self._client(url), kind, url, certificate=pair[0], issuer=pair[1]
                )
            except Silent as silent:
                if door.answered_at < began:  # it has answered nobody meanwhile
                    door.silent = str(silent)
                raise
            door.answered_at = time.monotonic()
            return answer

    def _client(self, url: str) -> httpx.AsyncClient:
        outside = is_outside(url)
        if outside not in self._clients:
            self._clients[outside] = client_for(url)
        return self._clients[outside]


def ask_side_by_side(pairs: Sequence[Pair]) -> list[Told | str]:
    """Return for each pair what its issuer answers, or why nothing came, within one round.

    What is not reached in time has no answer: put first whom nobody has asked for the longest.
    """
    return run(_asked(pairs)) if pairs else []


async def _asked(pairs: Sequence[Pair]) -> list[Told | str]:
    one = _Round()
    tasks = [asyncio.create_task(one.told(pair)) for pair in pairs]
    try:
        await asyncio.wait(tasks, timeout=ROUND_SECONDS)
        return [_result(task) for task in tasks]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await one.close()


def _result(task: asyncio.Task[Told | str]) -> Told | str:
    if not task.done():
        return TOO_LATE
    fault = task.exception()  # an outsider's bytes break a parser in any way: one answer, not all
    return task.result() if fault is None else f"câu trả lời không đọc được ({fault})"
