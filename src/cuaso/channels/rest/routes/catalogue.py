"""Find what to do: procedures, life events, the form as JSON Schema."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from cuaso.channels.rest import form_schema
from cuaso.channels.rest.asking import ProcedureCode
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import LifeEvent, ProcedureCard, ProcedureView

router = Router(tags=["Thủ tục"], auth=None)
Day = Annotated[date | None, Query(description="Ngày áp dụng; mặc định hôm nay.")]


@router.get("/procedures", response=list[ProcedureCard], summary="Tìm thủ tục")
def search(
    request: HttpRequest,
    *,
    text: Annotated[str, Query(max_length=200, examples=["khai sinh"])] = "",
    on: Day = None,
    level: Literal["", "province", "commune"] = "",
    field: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> list[ProcedureCard]:
    """Có dấu hay không dấu, theo tên, tên gọi khác, hoặc mã."""
    del request
    return list(procedures.search(text=text, on=on, level=level, field=field, limit=limit))


@router.get("/procedures/{code}", response=ProcedureView, summary="Một thủ tục")
def one(request: HttpRequest, code: ProcedureCode, on: Day = None) -> ProcedureView:
    """Thành phần hồ sơ, thời hạn, phí, căn cứ của thủ tục vào một ngày, kèm nguồn."""
    del request
    return procedures.procedure(code=code, on=on)


@router.get("/procedures/{code}/form", response=dict[str, Any], summary="Tờ khai (JSON Schema)")
def form(request: HttpRequest, code: ProcedureCode) -> dict[str, Any]:
    """Cấu trúc của `values` khi lưu bản nháp: mỗi mục một đường dẫn, câu trả lời là chuỗi ký tự."""
    del request
    procedure, shown = procedures.walk_in_form(code=code)
    return form_schema.of(shown, title=procedure.title)


@router.get("/life-events", response=list[LifeEvent], summary="Sự kiện cuộc đời")
def life_events(request: HttpRequest, on: Day = None) -> list[LifeEvent]:
    """Sinh con, kết hôn …: mỗi sự kiện với các thủ tục của nó."""
    del request
    return list(procedures.life_events(on=on))


@router.get("/fields", response=list[str], summary="Lĩnh vực")
def fields(request: HttpRequest, on: Day = None) -> list[str]:
    """Các lĩnh vực có thủ tục vào một ngày."""
    del request
    return list(procedures.fields(on=on))
