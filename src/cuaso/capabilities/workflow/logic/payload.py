"""The few values that a flow carries. Forms and papers stay with the dossier."""

import json
from collections.abc import Mapping

from cuaso.kernel.errors import Invalid

LIMIT_BYTES = 32 * 1024


def checked(data: Mapping[str, object]) -> dict[str, object]:
    """Return a copy as JSON values; raise Invalid for what a flow may not carry.

    Keys are variables of CEL; the key `typename` at any depth would be read as the engine's own.
    """
    for key in data:
        if not key.isidentifier() or not key.isascii():
            raise _refuse(f"Tên biến “{key}” không dùng được trong điều kiện.")
    try:
        text = json.dumps(data, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise _refuse(f"Dữ liệu có giá trị không phải chữ, số, danh sách: {error}.") from error
    if len(text.encode()) > LIMIT_BYTES:
        raise _refuse(f"Dữ liệu của bước vượt {LIMIT_BYTES} byte.")
    if '"typename"' in text or "\\u0000" in text:
        raise _refuse("Dữ liệu có từ khóa riêng của máy quy trình.")
    copied: dict[str, object] = json.loads(text)
    return copied


def _refuse(what: str) -> Invalid:
    return Invalid(
        code="workflow.bad_data",
        what=what,
        mend="Hãy giữ biểu mẫu và giấy tờ trong hồ sơ; quy trình chỉ mang vài biến ngắn.",
    )
