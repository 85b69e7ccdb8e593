"""A minimal SMTP server (RFC 5321) that keeps what it is given and sends nothing on."""

import asyncio
import contextlib
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from secrets import token_hex

from cuaso.kernel import clock
from cuaso_simulators.faults import Faults
from cuaso_simulators.sms.box import Box, Received

LIMIT_BYTES = 1024 * 1024
IDLE_SECONDS = 60.0
_PATH = re.compile(r"(?:FROM|TO):\s*<([^>]*)>", re.IGNORECASE)


class Session:
    """One connection; replies follow RFC 5321 §4.2."""

    def __init__(
        self, *, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, box: Box,
        faults: Faults,
    ) -> None:  # fmt: skip
        self._reader = reader
        self._writer = writer
        self._box = box
        self._faults = faults
        self._sender: str | None = None
        self._to: list[str] = []

    async def run(self) -> None:
        mode = await asyncio.to_thread(self._faults.meet)
        if mode == "down":
            await self._say("421 down")
            return
        await self._say("<<nonsense>>" if mode == "garbage" else "220 cuaso.localhost ready")
        while (line := await self._line()) is not None:
            verb, _, rest = line.partition(" ")
            if verb.upper() == "QUIT":
                await self._say("221 bye")
                return
            await self._say(await self._reply(verb.upper(), rest, mode))

    async def _reply(self, verb: str, rest: str, mode: str) -> str:
        match verb:
            case "EHLO":
                return (
                    f"250-cuaso.localhost\r\n250-SIZE {LIMIT_BYTES}\r\n250-8BITMIME\r\n250 SMTPUTF8"
                )
            case "HELO" | "NOOP":
                return "250 OK"
            case "RSET":
                self._sender, self._to = None, []
                return "250 OK"
            case "MAIL" | "RCPT":
                return self._envelope(verb, rest, mode)
            case "DATA":
                return await self._data()
        return "502 not implemented"

    def _envelope(self, verb: str, rest: str, mode: str) -> str:
        path = _PATH.match(rest)
        if path is None:
            return "501 syntax"
        if verb == "MAIL":
            self._sender, self._to = path[1], []
            return "250 OK"
        if self._sender is None:
            return "503 MAIL first"
        if mode == "refuse" or "@" not in path[1]:
            return "550 no such mailbox"
        self._to.append(path[1])
        return "250 OK"

    async def _data(self) -> str:
        if not self._to:
            return "503 RCPT first"
        await self._say("354 end with <CRLF>.<CRLF>")
        content = bytearray()
        while (line := await self._reader.readline()) not in (b".\r\n", b""):
            content += line[1:] if line.startswith(b"..") else line
            if len(content) > LIMIT_BYTES:
                return "552 too large"
        self._keep(bytes(content))
        self._sender, self._to = None, []
        return "250 kept"

    def _keep(self, content: bytes) -> None:
        mail = message_from_bytes(content, policy=policy.default)
        body = mail.get_body(preferencelist=("plain",)) if isinstance(mail, EmailMessage) else None
        self._box.put(
            Received(
                id=f"mail-{token_hex(8)}",
                kind="email",
                key=str(mail.get("Message-ID", "")),
                to=", ".join(self._to),
                headline=str(mail.get("Subject", "")),
                text=str(body.get_content()).strip() if body is not None else "",
                at=clock.now(),
            )
        )

    async def _line(self) -> str | None:
        try:
            raw = await asyncio.wait_for(self._reader.readline(), IDLE_SECONDS)
        except (TimeoutError, ValueError):
            return None
        return raw.decode("utf-8", "replace").strip() if raw else None

    async def _say(self, text: str) -> None:
        self._writer.write(f"{text}\r\n".encode())
        await self._writer.drain()


async def serve(*, port: int, box: Box, faults: Faults) -> None:
    """Serve on loopback until cancelled."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(reader=reader, writer=writer, box=box, faults=faults)
        with contextlib.suppress(ConnectionError):
            await session.run()
        writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", port, limit=64 * 1024)
    async with server:
        await server.serve_forever()
