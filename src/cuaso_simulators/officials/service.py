"""What the database answers to provinces and to people."""

import hmac
from collections.abc import Mapping
from typing import Any, Protocol

from cuaso_simulators.loopback import Answer, Request
from cuaso_simulators.officials import signing
from cuaso_simulators.officials.book import Book, Refused, sha256_of
from cuaso_simulators.officials.page import page

PAGE = 200


class Mood(Protocol):
    @property
    def mode(self) -> str: ...


class Officials:
    """For provinces, signed: POST and GET /officials/CODE, GET /lists/PAGE. For people: GET /. For
    tests: POST /edit and /forget. In the mood `duplicate` a list says everybody twice.
    """

    def __init__(self, *, book: Book, secret: str) -> None:
        self._book = book
        self._secret = secret
        self.mood: Mood | None = None

    def answer(self, request: Request) -> Answer:
        try:
            return self._to_people(request) or self._to_province(request)
        except Refused as refusal:
            return Answer(status=refusal.status, body=refusal.body)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            return Answer(status=400, body={"error": f"{type(error).__name__}: {error}"})

    def _to_people(self, request: Request) -> Answer | None:
        match (request.method, *request.path):
            case ("GET",):
                return Answer(status=200, body=page(self._book.standing()))
            case ("POST", "edit"):
                self._book.edit(str(request.body["code"]), request.body["fields"])
                return Answer(status=200, body={"ok": True})
            case ("POST", "forget"):
                self._book.forget(str(request.body.get("code", "")))
                return Answer(status=200, body={"ok": True})
        return None

    def _to_province(self, request: Request) -> Answer:
        if not self._is_signed(request):
            raise Refused(401, "signature")
        match (request.method, *request.path):
            case ("POST", "officials", code):
                return Answer(status=200, body=self._take(code, request))
            case ("GET", "officials", code):
                one = self._book.official(code)
                return Answer(status=200, body={**one, "sha256": sha256_of(one["fields"])})
            case ("GET", "lists", number):
                return Answer(status=200, body=self._list(int(number)))
        return Answer(status=404, body={"error": "not found"})

    def _take(self, code: str, request: Request) -> dict[str, Any]:
        key = request.headers["idempotency-key"]
        receipt = self._book.take(code, key=key, told=request.body)
        return {**receipt, "mark": signing.receipt_mark(secret=self._secret, **receipt)}

    def _list(self, number: int) -> Mapping[str, object]:
        everybody = self._book.standing()
        part = everybody[(number - 1) * PAGE : number * PAGE]
        lines = [
            {
                "code": one["code"],
                "version": one["version"],
                "sha256": sha256_of(one["fields"]),
                "name": one["fields"].get("person.full_name", ""),
            }
            for one in part
        ]
        twice = self.mood is not None and self.mood.mode == "duplicate"
        return {"items": lines * (2 if twice else 1), "more": len(everybody) > number * PAGE}

    def _is_signed(self, request: Request) -> bool:
        """Check the signature; the time is not compared, so that tests may set our clock."""
        heads = request.headers
        right = signing.headers(
            secret=self._secret,
            method=request.method,
            path=request.address,
            body=request.raw,
            key_id=heads.get(signing.KEY.lower(), ""),
            at=heads.get(signing.TIME.lower(), "-"),
        )[signing.SIGNATURE]
        given = heads.get(signing.SIGNATURE.lower(), "")
        return hmac.compare_digest(right.encode(), given.encode())
