"""What the simulator took and gave back, kept over restarts."""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from cuaso.kernel import clock


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page that waits for a person to pay; `transaction` is "" until then."""

    session: str
    key: str
    reference: str
    amount_vnd: int
    title: str
    return_url: str
    transaction: str = ""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Money that came in, by a page or by a bank transfer; `paid_at` is ISO 8601 with its zone."""

    transaction: str
    reference: str
    session: str
    amount_vnd: int
    currency: str
    paid_at: str
    returned_vnd: int = 0

    def told(self) -> dict[str, object]:
        """Return what callback and list say of it."""
        return {name: value for name, value in asdict(self).items() if name != "returned_vnd"}


class Refused(Exception):
    """What is asked for does not fit what was taken."""


class Book:
    """`folder/book.jsonl` holds a line a change; without a folder all is forgotten at the end."""

    def __init__(self, *, folder: Path | None) -> None:
        self._path = folder / "book.jsonl" if folder else None
        self._lock = threading.RLock()
        self._pages: dict[str, Page] = {}
        self._taken: dict[str, Taken] = {}
        self._refunds: dict[str, str] = {}
        self._moment: datetime | None = None
        for line in self._lines():
            self._apply(line)

    def hold_clock(self, moment: datetime | None) -> None:
        """Let tests say which day it is at the gateway; None lets the clock run."""
        self._moment = moment

    def forget(self) -> None:
        """Let tests begin anew; what stands in the folder stays there."""
        with self._lock:
            self._pages.clear()
            self._taken.clear()
            self._refunds.clear()

    def now(self) -> datetime:
        return self._moment or clock.now()

    def open_page(self, *, key: str, wanted: Mapping[str, Any]) -> Page:
        """Return a page; the same key again is the same page. Raise Refused for unfit words."""
        amount = wanted.get("amount_vnd")
        words = [str(wanted.get(name, "")) for name in ("reference", "title", "return_url")]
        if not isinstance(amount, int) or amount <= 0 or not all(words) or not key:
            raise Refused
        with self._lock:
            known = next((page for page in self._pages.values() if page.key == key), None)
            if known is not None:
                return known
            page = Page(
                session=f"s-{token_hex(12)}",
                key=key,
                reference=words[0],
                amount_vnd=amount,
                title=words[1],
                return_url=words[2],
            )
            self._write({"page": asdict(page)})
            return page

    def page(self, session: str) -> Page | None:
        return self._pages.get(session)

    def pay(self, session: str, *, amount_vnd: int | None = None, currency: str = "VND") -> Taken:
        """Take the money of a page, once; raise Refused for a page that is not there."""
        with self._lock:
            page = self._pages.get(session)
            if page is None:
                raise Refused
            if page.transaction:
                return self._taken[page.transaction]
            taken = self._take(page.reference, amount_vnd or page.amount_vnd, currency, session)
            self._write({"page": asdict(replace(page, transaction=taken.transaction))})
            return taken

    def transfer(self, *, reference: str, amount_vnd: int) -> Taken:
        """Take a bank transfer with a content, as a person makes it from a VietQR code."""
        if not reference or amount_vnd <= 0:
            raise Refused
        with self._lock:
            return self._take(reference, amount_vnd, "VND", "")

    def refund(self, *, key: str, transaction: str, amount_vnd: int) -> Taken:
        """Give back a part of what was taken, once per key; raise Refused for more than that."""
        with self._lock:
            taken = self._taken.get(transaction)
            if taken is None or not key:
                raise Refused
            if self._refunds.get(key) == transaction:
                return taken
            back = taken.returned_vnd + amount_vnd
            if key in self._refunds or amount_vnd <= 0 or back > taken.amount_vnd:
                raise Refused
            self._write({"refund": key, "transaction": transaction})
            changed = replace(taken, returned_vnd=back)
            self._write({"taken": asdict(changed)})
            return changed

    def of_day(self, day: date) -> list[Taken]:
        """Return what was taken on a day in Vietnam."""
        return [
            one
            for one in self.all()
            if clock.legal_date(datetime.fromisoformat(one.paid_at)) == day
        ]

    def all(self) -> list[Taken]:
        with self._lock:
            return list(self._taken.values())

    def _take(self, reference: str, amount_vnd: int, currency: str, session: str) -> Taken:
        taken = Taken(
            transaction=f"gw-{token_hex(8)}",
            reference=reference,
            session=session,
            amount_vnd=amount_vnd,
            currency=currency,
            paid_at=self.now().isoformat(),
        )
        self._write({"taken": asdict(taken)})
        return taken

    def _apply(self, line: Mapping[str, Any]) -> None:
        if "page" in line:
            page = Page(**line["page"])
            self._pages[page.session] = page
        elif "taken" in line:
            taken = Taken(**line["taken"])
            self._taken[taken.transaction] = taken
        elif "refund" in line:
            self._refunds[line["refund"]] = line["transaction"]

    def _write(self, line: Mapping[str, Any]) -> None:
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
        self._apply(line)

    def _lines(self) -> Iterator[Mapping[str, Any]]:
        """Yield whole lines; the last may be torn by a kill and was then never answered."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not self._path.exists():
            return
        for text in self._path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(text)
            except ValueError:
                continue
