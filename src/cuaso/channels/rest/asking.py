"""What requests carry: bounded text, the version that the reader saw, the key of a repetition."""

import hashlib
import re
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from ninja import Header, Path, Query, Status
from ninja.parser import Parser
from pydantic import StringConstraints

from cuaso.channels.rest.problems import Unheard
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView

MINIMAL = "return=minimal"
Line = Annotated[str, StringConstraints(max_length=300)]
Words = Annotated[str, StringConstraints(max_length=4000)]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]

ProcedureCode = Annotated[
    str,
    Path(description="Mã thủ tục.", pattern=r"^[0-9A-Z.]{1,20}$", examples=["1.001193"]),
]
Purpose = Annotated[
    str,
    Query(
        description="Vì sao cán bộ không có việc trong hồ sơ cần xem; lần xem được ghi lại.",
        max_length=300,
        examples=["Trả lời phản ánh của người dân"],
    ),
]
Cursor = Annotated[str, Query(description="`next` của trang trước.", max_length=400)]
IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        description="ETag của hồ sơ khi bạn đọc; `*` nếu chấp nhận mọi phiên bản.",
        pattern=r'^(\*|(W/)?"[0-9]{1,9}"|[0-9]{1,9})$',
        examples=['"3"'],
    ),
]
Prefer = Annotated[
    str,
    Header(
        alias="Prefer",
        description="`return=minimal`: trả lời 204, không kèm nội dung (RFC 7240).",
        max_length=200,
        examples=[MINIMAL],
    ),
]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="Khóa do người gửi đặt: gửi lại cùng khóa thì nhận lại cùng biên nhận.",
        min_length=1,
        max_length=64,
        pattern=r"^[!-~]+$",
        examples=["7c1d3c0e-9f3b-4a0e-8a57-2b1f8f6f6b52"],
    ),
]


def version(if_match: str) -> int | None:
    """Return the version that the reader saw, None for any. Raises Unheard (428) when not said."""
    digits = if_match.removeprefix("W/").strip('"')
    if digits == "*":
        return None
    if not digits:
        raise Unheard(
            code="rest.version_missing",
            what="Chưa thực hiện được.",
            why="Yêu cầu không nói dựa trên phiên bản nào của hồ sơ.",
            mend="Hãy gửi ETag của hồ sơ trong đầu mục If-Match.",
            status=428,
        )
    return int(digits)


def tagged(response: HttpResponse, view: DossierView) -> DossierView:
    """Put the dossier's version on the answer and return the dossier."""
    response["ETag"] = f'"{view.version}"'
    return view


def minimal(prefer: str) -> bool:
    """Say whether the sender wants no dossier back (RFC 7240, section 4.2)."""
    return MINIMAL in (one.split(";")[0].strip() for one in prefer.lower().split(","))


def tagged_only(response: HttpResponse, standing: procedures.Standing) -> Status[None]:
    """Put the dossier's version on an answer without the dossier."""
    response["ETag"] = f'"{standing.version}"'
    return nothing_back(response)


def nothing_back(response: HttpResponse) -> Status[None]:
    """Return an answer without content, and say that this was preferred."""
    response["Preference-Applied"] = MINIMAL
    return Status(204, None)


def short_key(key: str) -> str:
    """Return the sender's key as short as a dossier's row holds it; equal keys stay equal."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


# In JSON of UTF-8 nothing unprintable stands without one of these: NUL, half a character.
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|[\0\xed]")


class CleanParser(Parser):
    """Refuses what no text of the house may hold: NUL, and halves of characters."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body = super().parse_body(request)
        if _SUSPECT.search(request.body):
            _refuse_unprintable(body)
        return body

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        parsed = super().parse_querydict(data, list_fields, request)
        _refuse_unprintable(parsed)
        return parsed


def _refuse_unprintable(value: object) -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise Unheard(
                code="rest.sign_unprintable",
                what="Nội dung có ký tự không dùng được.",
                mend="Hãy bỏ ký tự NUL và ký tự viết dở, rồi gửi lại.",
            )
    elif isinstance(value, dict):
        for name, inner in value.items():
            _refuse_unprintable(name)
            _refuse_unprintable(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_unprintable(inner)
