"""What the gateway answers."""

from secrets import token_hex

from cuaso.kernel import clock
from cuaso_simulators.loopback import Answer, Request
from cuaso_simulators.sms.box import Box, Received
from cuaso_simulators.sms.page import page
from cuaso_simulators.sms.receipts import Receipts

LIMIT_LETTERS = 1600


class Gateway:
    """POST /messages (header Idempotency-Key) · GET /messages · GET / for people."""

    def __init__(self, *, box: Box, receipts: Receipts, token: str) -> None:
        self._box = box
        self._receipts = receipts
        self._token = token

    def answer(self, request: Request) -> Answer:
        match (request.method, *request.path):
            case ("GET",):
                return Answer(status=200, body=page(self._box.all()))
            case ("GET", "messages"):
                return Answer(status=200, body={"items": [_shown(i) for i in self._box.all()]})
            case ("POST", "messages"):
                return self._take(request)
        return Answer(status=404, body={"error": "not found"})

    def _take(self, request: Request) -> Answer:
        if not request.bears(self._token):
            return Answer(status=401, body={"error": "token"})
        to, text = str(request.body.get("to", "")), str(request.body.get("text", ""))
        key = request.headers.get("idempotency-key", "")
        if not to.lstrip("+").isdigit() or not 0 < len(text) <= LIMIT_LETTERS or not key:
            return Answer(status=400, body={"error": "to, text and Idempotency-Key are wanted"})
        fresh = Received(
            id=f"sms-{token_hex(8)}", kind="sms", key=key, to=to, headline="", text=text,
            at=clock.now(),
        )  # fmt: skip
        kept = self._box.put(fresh)
        if kept is fresh:
            self._receipts.later(kept)
        return Answer(status=202, body={"id": kept.id})


def _shown(item: Received) -> dict[str, str]:
    return {
        "id": item.id, "kind": item.kind, "key": item.key, "to": item.to,
        "headline": item.headline, "text": item.text, "receipt": item.receipt,
    }  # fmt: skip
