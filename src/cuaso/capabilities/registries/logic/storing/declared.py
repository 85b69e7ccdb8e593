"""A declaration kept as JSON in its own order: fields and lists stay as they were written."""

import json
from typing import TYPE_CHECKING, Any

from django.db import models


class DeclaredField(models.TextField):  # type: ignore[type-arg] # not subscriptable at run time
    """JSON as text, since jsonb would forget in which order the fields of a registry are read."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, *_: object) -> Any:  # noqa: ANN401 JSON
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 JSON
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:  # noqa: ANN401 JSON
        return None if value is None else json.dumps(value, ensure_ascii=False)
