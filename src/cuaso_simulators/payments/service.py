"""What the simulator answers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cuaso_simulators.loopback import Answer, Request
from cuaso_simulators.payments import pages
from cuaso_simulators.payments.book import Book, Page, Refused, Taken
from cuaso_simulators.payments.callbacks import Callbacks

KEY = "idempotency-key"
# Doors for people and for whoever runs the simulation; the others want the product's token.
OPEN = frozenset({"", "pay", "transfers", "callbacks", "clock", "forget"})


class Gateway:
    """For the product: POST /payments, GET /payments/{session}, GET /transactions/{day}, POST
    /refunds. For people: GET and POST /pay/{session}, GET /, POST /transfers. For tests: POST
    /callbacks (mode, delay_seconds), POST /clock (at), POST /forget.
    """

    def __init__(self, *, book: Book, callbacks: Callbacks, address: str, token: str) -> None:
        self._book = book
        self._callbacks = callbacks
        self._address = address
        self._token = token

    def answer(self, request: Request) -> Answer:
        first = request.path[0] if request.path else ""
        if first not in OPEN and not request.bears(self._token):
            return Answer(status=401, body={"error": "token"})
        try:
            return self._answer(request)
        except (Refused, ValueError) as error:
            return Answer(status=400, body={"error": str(error) or "unfit"})

    def _answer(self, request: Request) -> Answer:
        match (request.method, *request.path):
            case ("POST", "payments"):
                return self._open(request)
            case ("GET", "payments", session):
                return self._standing(session)
            case ("GET", "transactions", day):
                listed = [one.told() for one in self._book.of_day(date.fromisoformat(day))]
                return Answer(status=200, body={"items": listed})
            case ("POST", "refunds"):
                return self._refund(request)
        return self._for_people(request)

    def _for_people(self, request: Request) -> Answer:
        match (request.method, *request.path):
            case ("GET",):
                return Answer(status=200, body=pages.overview(self._book.all()))
            case ("GET", "pay", session):
                return self._pay_page(session)
            case ("POST", "pay", session):
                return self._pay(session, request.body)
            case ("POST", "transfers"):
                return self._transfer(request.body)
        return self._for_tests(request)

    def _for_tests(self, request: Request) -> Answer:
        match (request.method, *request.path):
            case ("POST", "forget"):
                self._book.forget()
                return Answer(status=200, body={"items": []})
            case ("POST", "callbacks"):
                return self._misbehave(request.body)
            case ("POST", "clock"):
                at = str(request.body.get("at", ""))
                self._book.hold_clock(datetime.fromisoformat(at) if at else None)
                return Answer(status=200, body={"at": self._book.now().isoformat()})
        return Answer(status=404, body={"error": "not found"})

    def _open(self, request: Request) -> Answer:
        page = self._book.open_page(key=request.headers.get(KEY, ""), wanted=request.body)
        url = f"{self._address}/pay/{page.session}"
        return Answer(status=201, body={"session": page.session, "url": url})

    def _standing(self, session: str) -> Answer:
        page = self._book.page(session)
        if page is None:
            return Answer(status=404, body={"error": "no such session"})
        taken = self._taken_by(page)
        if taken is None:
            return Answer(status=200, body={"session": session, "state": "open"})
        body = {"session": session, "state": "paid", "transaction": taken.told()}
        return Answer(status=200, body=body)

    def _taken_by(self, page: Page) -> Taken | None:
        return next((one for one in self._book.all() if one.transaction == page.transaction), None)

    def _refund(self, request: Request) -> Answer:
        amount = request.body.get("amount_vnd")
        self._book.refund(
            key=request.headers.get(KEY, ""),
            transaction=str(request.body.get("transaction", "")),
            amount_vnd=amount if isinstance(amount, int) else 0,
        )
        return Answer(status=200, body={"state": "done"})

    def _pay_page(self, session: str) -> Answer:
        page = self._book.page(session)
        if page is None:
            return Answer(status=404, body=pages.gone())
        if page.transaction:
            return Answer(status=303, body="", location=page.return_url)
        return Answer(status=200, body=pages.pay_page(page))

    def _pay(self, session: str, posted: Mapping[str, Any]) -> Answer:
        """A person pays or leaves; tests may say another amount or currency."""
        page = self._book.page(session)
        if page is None:
            return Answer(status=404, body=pages.gone())
        if posted.get("answer", "pay") == "pay":
            taken = self._book.pay(
                session,
                amount_vnd=int(posted.get("amount_vnd") or 0) or None,
                currency=str(posted.get("currency") or "VND"),
            )
            self._callbacks.tell(taken)
        return Answer(status=303, body="", location=page.return_url)

    def _transfer(self, posted: Mapping[str, Any]) -> Answer:
        taken = self._book.transfer(
            reference=str(posted.get("reference", "")).strip().upper(),
            amount_vnd=int(str(posted.get("amount_vnd", 0)).replace(".", "")),
        )
        self._callbacks.tell(taken)
        return Answer(status=303, body="", location=f"{self._address}/")

    def _misbehave(self, posted: Mapping[str, Any]) -> Answer:
        delay = float(posted.get("delay_seconds", 0))
        self._callbacks.set(mode=str(posted.get("mode", "ok")), delay_seconds=delay)
        return Answer(status=200, body={"mode": str(posted.get("mode", "ok"))})
