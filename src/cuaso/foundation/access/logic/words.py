"""Roles as people say them."""

from collections.abc import Mapping
from typing import Final

ROLES: Final[Mapping[str, str]] = {
    "reception": "tiếp nhận, trả kết quả",
    "handler": "thẩm tra",
    "leader": "ký, phê duyệt",
    "clerk": "cấp số, đóng dấu",
    "admin": "quản trị",
    "auditor": "kiểm tra, thanh tra",
}
# Nobody signs, seals or gives rights by a right that nobody gave.
IN_EMERGENCY: Final = ("reception", "handler", "auditor")
