"""What a request asks of a registry: which one, which version, which records, in which order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, cast, get_args

from ninja import Header, Path, Query
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.channels.rest.problems import Unheard
from cuaso.kernel.errors import Invalid, Problem

HOWS: Final[tuple[str, ...]] = get_args(Filter.__annotations__["how"])
CONDITION: Final = rf"^[a-z][a-z0-9_.]{{0,129}}:({'|'.join(HOWS)})(:.*)?$"
DEEPEST: Final = 8
MOST_PIECES: Final = 20_000
LARGEST_NUMBER: Final = 10**15
EARLIEST: Final = 1900
LATEST: Final = 2199

Pack = Annotated[
    str,
    Path(description="Gói dữ liệu.", pattern=r"^[a-z0-9-]{1,40}$", examples=["fisheries"]),
]
Name = Annotated[
    str,
    Path(
        description="Tên sổ trong gói.", pattern=r"^[a-z0-9_]{1,60}$", examples=["fishing_vessel"]
    ),
]
Version = Annotated[
    int,
    Query(
        description="Phiên bản của sổ; 0 là bản đang có hiệu lực. Bản cũ vẫn đọc, ghi được.",
        ge=0,
        le=100_000,
    ),
]
Where = Annotated[
    list[Annotated[str, StringConstraints(pattern=CONDITION, max_length=500)]],
    Query(
        description="Điều kiện `ô:cách:giá trị`, phải đúng cả. Cách: is, any (các mã cách nhau dấu "
        "phẩy), not, from, to, begins, blank, filled.",
        max_length=20,
        examples=[["gear:any:vay,cau", "length:from:15"]],
    ),
]
Listed = Annotated[
    str,
    Query(description="Các ô, cách nhau dấu phẩy; `*` là mọi ô.", max_length=2000),
]
Purpose = Annotated[
    str,
    Query(description="Vì sao xem, khi quyền của người gọi đòi hỏi.", max_length=300),
]


def _within_memory(at: datetime) -> datetime:
    """Refuse a moment at which no register was kept: no clock of ours reckons so far."""
    if not EARLIEST <= at.year <= LATEST:
        raise ValueError(at)
    return at


AsOf = Annotated[
    Annotated[AwareDatetime, AfterValidator(_within_memory)] | None,
    Query(description="Như tại thời điểm này.", examples=["2026-07-01T00:00:00+07:00"]),
]
IfNoneMatch = Annotated[
    str,
    Header(
        alias="If-None-Match",
        description="ETag đã có: bản ghi không đổi thì trả 304.",
        max_length=200,
    ),
]
IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        description="ETag của bản ghi khi bạn đọc; `*` nếu chấp nhận mọi lần ghi.",
        pattern=r'^(\*|(W/)?"[0-9]{1,9}"|[0-9]{1,9})$',
        examples=['"3"'],
    ),
]
OnceKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Khóa do người gửi đặt: gửi lại trong 48 giờ thì nhận lại câu trả lời cũ.",
        min_length=1,
        max_length=64,
        pattern=r"^[!-~]+$",
    ),
]


def _bounded(value: Any) -> Any:  # noqa: ANN401 JSON of any shape
    """Refuse JSON that no record has: nested too deep, too many pieces, numbers too large."""
    level, pieces, depth = [value], 0, 0
    while level:
        depth += 1
        pieces += len(level)
        if depth > DEEPEST or pieces > MOST_PIECES:
            raise ValueError(depth)
        inside: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inside.extend(one.values())
            elif isinstance(one, list):
                inside.extend(one)
            elif isinstance(one, int | float) and not abs(one) < LARGEST_NUMBER:
                raise ValueError(depth)
        level = inside
    return value


Given = Annotated[
    dict[Annotated[str, StringConstraints(max_length=200)], Any],
    BeforeValidator(_bounded),
    Field(
        max_length=500,
        description="Giá trị theo ô, ô ghép là đối tượng, nhóm là danh sách; xem `/schema` của sổ.",
    ),
]
Words = Annotated[str, AfterValidator(str.strip), Query(max_length=200)]


def key_of(pack: str, name: str) -> str:
    return f"{pack}/{name}"


def query_of(
    *,
    where: Sequence[str],
    words: str,
    as_of: AwareDatetime | None,
    list_: str = "default",
    sort: str = "",
    columns: tuple[str, ...] = (),
    cursor: str = "",
    limit: int = 1,
    gone: bool = False,
) -> ListQuery:
    """Return the list query of a request; left out is what only pages of a list have."""
    return ListQuery(
        list=list_,
        filters=tuple(condition(one) for one in where),
        words=words,
        sort=names(sort),
        columns=columns,
        after=cursor,
        size=limit,
        as_of=as_of,
        gone=gone,
    )


def condition(text: str) -> Filter:
    """Return the condition that `path:how:value` says."""
    path, how, *rest = text.split(":", 2)
    said = rest[0] if rest else ""
    values = tuple(said.split(",")) if how == "any" else (said,) if said else ()
    if how not in ("blank", "filled") and not any(values):
        raise _wrong("where", f"Điều kiện “{text[:60]}” chưa có giá trị.")
    return Filter(path=path, how=cast("Any", how), values=values)


def names(listed: str) -> tuple[str, ...]:
    """Return the names of a list with commas."""
    return tuple(name for name in (one.strip() for one in listed.split(",")) if name)[:100]


def revision(if_match: str) -> int | None:
    """Return the revision that the caller saw, None for any; raise Unheard (428) when not said."""
    digits = if_match.removeprefix("W/").strip('"')
    if digits == "*":
        return None
    if not digits:
        raise Unheard(
            code="rest.version_missing",
            what="Chưa thực hiện được.",
            why="Yêu cầu không nói dựa trên lần ghi nào của bản ghi.",
            mend="Hãy gửi ETag của bản ghi trong đầu mục If-Match.",
            status=428,
        )
    return int(digits)


def _wrong(field: str, say: str) -> Invalid:
    return Invalid(
        code="rest.wrong_shape",
        what="Yêu cầu có mục chưa đúng.",
        mend="Hãy sửa mục được nêu rồi gửi lại.",
        problems=(Problem(field=field, say=say),),
    )
