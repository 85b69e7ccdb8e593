"""The organisation of the province as of any day, for programs."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Chart, ChartFound

router = Router(tags=["Tổ chức bộ máy"], auth=None)
Day = Annotated[date | None, Query(description="Ngày áp dụng; mặc định hôm nay.")]


@router.get("/organisation", response=ChartFound, summary="Tìm cơ quan và người giữ chức danh")
def find(
    request: HttpRequest,
    *,
    text: Annotated[str, Query(min_length=1, max_length=200, examples=["so noi vu"])],
    on: Day = None,
) -> ChartFound:
    """Có dấu hay không dấu, theo tên, theo mã cơ quan, hoặc theo họ tên người giữ chức danh."""
    del request
    return directory.find_in_chart(text, on)


@router.get("/organisation/{code}", response=Chart, summary="Tổ chức của một cơ quan")
def agency(
    request: HttpRequest,
    code: Annotated[str, Path(max_length=40, examples=["H21"])],
    on: Day = None,
) -> Chart:
    """Đơn vị, chức danh, người giữ và cơ quan trực thuộc vào một ngày."""
    del request
    return directory.chart(directory.agency_by_code(code, on).id, on)
