"""What the portal answers to provinces and to people, and what it sends by itself."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from secrets import token_hex
from typing import Any, Protocol

import httpx

from cuaso.kernel import clock
from cuaso_simulators.loopback import Answer, Request
from cuaso_simulators.national_portal import example, signing
from cuaso_simulators.national_portal.book import Book, Refused
from cuaso_simulators.national_portal.page import page

PAGE = 500
DOOR = "/lien-thong/quoc-gia/ho-so"
_NONE_KEPT = httpx.Limits(max_keepalive_connections=0)


class Mood(Protocol):
    @property
    def mode(self) -> str: ...


class Portal:
    """For provinces, signed: POST /dossiers/CODE/statuses and /results, GET /dossiers/CODE,
    /dossiers/CODE/submission, /days/DAY/PAGE, /days/DAY/payments/PAGE, /days/DAY/refunds/PAGE,
    POST /payments/TRANSACTION/refunds, GET /refunds/NUMBER and /files/SHA256. For people: GET /,
    POST /submit, /pay, /supplement, /withdraw and /give-back. For tests: POST /forget and /by-hand.
    """

    def __init__(self, *, book: Book, secret: str, province: str, address: str) -> None:
        self._book = book
        self._secret = secret
        self._province = province.rstrip("/")
        self._address = address
        # Made once: a client reads every root certificate of the machine when it is made.
        self._client = httpx.Client(limits=_NONE_KEPT, timeout=30)
        self.mood: Mood | None = None

    def answer(self, request: Request) -> Answer:
        try:
            return self._to_people(request) or self._signed(request)
        except Refused as refusal:
            return Answer(status=refusal.status, body=refusal.body)
        except (KeyError, ValueError, TypeError, binascii.Error) as error:
            return Answer(status=400, body={"error": f"{type(error).__name__}: {error}"})

    def _to_people(self, request: Request) -> Answer | None:
        match (request.method, *request.path):
            case ("GET",):
                return Answer(status=200, body=page(self._book.all()))
            case ("POST", "submit"):
                return self._submit(request)
            case ("POST", "supplement" | "withdraw"):
                return self._answer_later(request)
            case ("POST", "pay"):
                return self._pay(request.body)
            case ("POST", "give-back"):
                return self._give_back(request.body)
        return self._to_tests(request)

    def _to_tests(self, request: Request) -> Answer | None:
        if request.method != "POST" or request.path not in (("forget",), ("by-hand",)):
            return None
        if request.path == ("by-hand",):
            self._book.by_hand = True
            return Answer(status=200, body={"ok": True})
        return self._forget(request.body)

    def _signed(self, request: Request) -> Answer:
        if not self._is_signed(request):
            raise Refused(401, "signature")
        if request.path[:1] in (("payments",), ("refunds",)):
            return self._refund(request.path[1], request)
        return self._to_province(request)

    def _to_province(self, request: Request) -> Answer:
        match (request.method, *request.path):
            case ("POST", "dossiers", code, "statuses"):
                key = request.headers["idempotency-key"]
                taken = self._book.take_status(code, key=key, told=request.body)
                return Answer(status=200, body=taken)
            case ("POST", "dossiers", code, "results"):
                return self._result(code, request.body)
            case ("GET", "dossiers", code, *rest):
                return Answer(status=200, body=self._told_of(code, submission=bool(rest)))
            case ("GET", "days", day, *rest):
                return self._day(day, page=int(rest[-1]), of=rest[0])
            case ("GET", "files", sha256):
                content = self._book.file(sha256)
                if content is not None:
                    return Answer(status=200, body=content)
        return Answer(status=404, body={"error": "not found"})

    def _refund(self, number: str, request: Request) -> Answer:
        """Take a refund for the payment of a number, or tell of the refund of a number."""
        if request.method == "GET":
            return Answer(status=200, body=self._book.refund(number))
        told = request.body
        back = self._book.take_refund(number, told, at=str(told.get("at") or _moment()))
        return Answer(status=200, body=back)

    def _result(self, code: str, told: Mapping[str, Any]) -> Answer:
        content = base64.b64decode(told["content"], validate=True)
        sha256 = str(told["sha256"])
        self._book.take_result(code, name=str(told["name"]), sha256=sha256, content=content)
        return Answer(status=200, body={"sha256": sha256})

    def _day(self, day: str, *, page: int, of: str) -> Answer:
        if of in ("payments", "refunds"):
            taken = self._book.fees(day) if of == "payments" else self._book.refunds(day)
            part = taken[(page - 1) * PAGE : page * PAGE]
            return Answer(status=200, body={"items": part, "more": len(taken) > page * PAGE})
        moved = [one for one in self._book.all() if str(one["updated_at"]).startswith(day)]
        part = moved[(page - 1) * PAGE : page * PAGE]
        items = [
            {name: one[name] for name in ("code", "status", "version", "updated_at")}
            for one in part
        ]
        return Answer(status=200, body={"items": items, "more": len(moved) > page * PAGE})

    def _submit(self, request: Request) -> Answer:
        """Submit the example, with what the request changes of it, to the province."""
        told = request.body
        code = str(told.get("code") or f"QG-{clock.today():%y%m%d}-{token_hex(4).upper()}")
        sha256 = self._book.put_file(example.PDF)
        dossier = {
            "code": code,
            "procedure_code": told.get("procedure_code", example.PROCEDURE),
            "agency_code": told.get("agency_code", ""),
            "submitted_at": _moment(),
            "applicant": {**example.APPLICANT, **told.get("applicant", {})},
            "values": {**example.values(), **told.get("values", {})},
            "attachments": [
                {
                    "component": "birth_notice",
                    "name": "giay-chung-sinh.pdf",
                    "media_type": "application/pdf",
                    "sha256": sha256,
                    "url": f"{self._address}/files/{sha256}",
                }
            ],
        }
        title = f"Đăng ký khai sinh: {dossier['values']['child.full_name']}"
        self._book.open(code, at=_moment(), title=title, submission=dossier)
        answers = self._send(DOOR, dossier)
        if request.headers.get("content-type", "").startswith("application/x-www-form"):
            return Answer(status=303, body="", location="/")
        return Answer(status=200, body={"code": code, "answers": answers})

    def _told_of(self, code: str, *, submission: bool) -> dict[str, object]:
        if submission:
            return self._sealed(self._book.submission(code))
        hidden = ("keys", "submission")
        return {name: one for name, one in self._book.dossier(code).items() if name not in hidden}

    def _sealed(self, message: Mapping[str, object]) -> dict[str, object]:
        """Return a message signed as if it were posted to the province's door now."""
        body = json.dumps(message, ensure_ascii=False).encode()
        heads = signing.headers(secret=self._secret, method="POST", path=DOOR, body=body)
        return {
            "path": DOOR,
            "key_id": heads[signing.KEY],
            "timestamp": heads[signing.TIME],
            "signature": heads[signing.SIGNATURE],
            "body": base64.b64encode(body).decode(),
        }

    def _answer_later(self, request: Request) -> Answer:
        told = dict(request.body)
        act = {"supplement": "bo-sung", "withdraw": "rut"}[request.path[0]]
        path = f"{DOOR}/{told.pop('code')}/{act}"
        message = {"request_id": token_hex(8), **told}
        return Answer(status=200, body={"answers": self._send(path, message)})

    def _pay(self, told: Mapping[str, Any]) -> Answer:
        """Take a fee for a dossier of here and tell the province, twice in the mood `duplicate`."""
        code = str(told["code"])
        number = str(told.get("transaction") or f"QGTT-{token_hex(6).upper()}")
        at = str(told.get("paid_at") or _moment())
        paid = self._book.take_fee(
            code, transaction=number, amount_vnd=int(told["amount_vnd"]), at=at
        )
        message = {name: one for name, one in paid.items() if name != "code"}
        return Answer(
            status=200, body={**paid, "answers": self._send(f"{DOOR}/{code}/nop-phi", message)}
        )

    def _give_back(self, told: Mapping[str, Any]) -> Answer:
        """Settle a refund that waits for a person, and tell the province."""
        settled = self._book.settle_refund(
            str(told["refund"]),
            state=str(told.get("state", "done")),
            reason=str(told.get("reason", "")),
            at=str(told.get("at") or _moment()),
        )
        names = ("refund", "state", "amount_vnd", "reason", "at")
        message = {name: settled[name] for name in names}
        sent = self._send(f"{DOOR}/{settled['code']}/hoan-phi", message)
        return Answer(status=200, body={**settled, "answers": sent})

    def _forget(self, told: Mapping[str, Any]) -> Answer:
        """Lose one dossier, or all that came after a version of it; without a code, everything."""
        if told.get("refunds"):
            self._book.lose_refunds()
        elif "code" in told:
            self._book.forget(str(told["code"]), after=int(told.get("after", -1)))
        else:
            self._book.forget_all()
        return Answer(status=200, body={"ok": True})

    def _send(self, path: str, message: Mapping[str, object]) -> list[dict[str, object]]:
        """Post a message to the province, twice in the mood `duplicate`; return every answer."""
        times = 2 if self.mood is not None and self.mood.mode == "duplicate" else 1
        body = json.dumps(message, ensure_ascii=False).encode()
        return [self._post(path, body) for _ in range(times)]

    def _post(self, path: str, body: bytes) -> dict[str, object]:
        headers = signing.headers(secret=self._secret, method="POST", path=path, body=body)
        try:
            answer = self._client.post(
                self._province + path,
                content=body,
                headers={"Content-Type": "application/json", **headers},
            )
            return {"status": answer.status_code, "body": answer.json()}
        except (httpx.HTTPError, ValueError) as error:
            return {"status": 0, "body": {"error": str(error)}}

    def _is_signed(self, request: Request) -> bool:
        """Check the signature; the time is not compared, so that tests may set our clock."""
        heads = request.headers
        right = signing.sign(
            secret=self._secret,
            method=request.method,
            path=request.address,
            moment=heads.get(signing.TIME.lower(), ""),
            key_id=heads.get(signing.KEY.lower(), ""),
            body=request.raw,
        )
        given = heads.get(signing.SIGNATURE.lower(), "")
        return hmac.compare_digest(right.encode(), given.encode())


def _moment() -> str:
    return clock.now().astimezone(clock.VIETNAM).isoformat(timespec="seconds")
