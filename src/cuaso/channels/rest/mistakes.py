"""What pydantic found, in sentences that a reader can act on."""

from collections.abc import Mapping, Sequence
from typing import Any

from cuaso.kernel.errors import Invalid, Problem

SAYS = {
    "missing": "Thiếu mục này.",
    "extra_forbidden": "Không có mục này.",
    "string_type": "Phải là chuỗi ký tự.",
    "string_too_short": "Phải có ít nhất {min_length} ký tự.",
    "string_too_long": "Không được quá {max_length} ký tự.",
    "string_pattern_mismatch": "Không đúng dạng: {pattern}",
    "bool_type": "Phải là true hoặc false.",
    "bool_parsing": "Phải là true hoặc false.",
    "int_type": "Phải là số nguyên.",
    "int_parsing": "Phải là số nguyên.",
    "int_from_float": "Phải là số nguyên.",
    "int_parsing_size": "Số quá lớn.",
    "greater_than": "Phải lớn hơn {gt}.",
    "greater_than_equal": "Phải từ {ge} trở lên.",
    "less_than_equal": "Không được quá {le}.",
    "uuid_type": "Phải là một mã UUID.",
    "uuid_parsing": "Phải là một mã UUID.",
    "literal_error": "Phải là một trong: {expected}.",
    "list_type": "Phải là một danh sách.",
    "too_short": "Phải có ít nhất {min_length} phần tử.",
    "too_long": "Không được quá {max_length} phần tử.",
    "dict_type": "Phải là một đối tượng.",
    "model_type": "Phải là một đối tượng.",
    "model_attributes_type": "Phải là một đối tượng.",
    "datetime_type": "Phải là thời điểm, ví dụ 2026-10-07T17:00:00+07:00.",
    "datetime_parsing": "Phải là thời điểm, ví dụ 2026-10-07T17:00:00+07:00.",
    "datetime_from_date_parsing": "Phải là thời điểm, ví dụ 2026-10-07T17:00:00+07:00.",
    "timezone_aware": "Thời điểm phải có múi giờ, ví dụ +07:00.",
    "date_from_datetime_parsing": "Phải là ngày, ví dụ 2026-10-07.",
    "date_parsing": "Phải là ngày, ví dụ 2026-10-07.",
    "date_type": "Phải là ngày, ví dụ 2026-10-07.",
}
ANY = "Giá trị không dùng được."


def refusal(errors: Sequence[Mapping[str, Any]]) -> Invalid:
    """Return the refusal of input that has the wrong shape, with a problem for each path."""
    return Invalid(
        code="rest.wrong_shape",
        what="Yêu cầu có mục chưa đúng.",
        mend="Hãy sửa các mục được nêu; cấu trúc đúng ở /api/v1/openapi.json.",
        problems=tuple(Problem(field=_path(one), say=_say(one)) for one in errors),
    )


def _path(error: Mapping[str, Any]) -> str:
    """Return the path as the sender wrote it: where it came from and argument names left out."""
    source, *parts = error["loc"]
    if source == "body" and parts:
        parts = parts[1:]
    return ".".join(str(part) for part in parts)


def _say(error: Mapping[str, Any]) -> str:
    return SAYS.get(error["type"], ANY).format_map(error.get("ctx") or {})
