"""What programs send, read once."""

from typing import Any

from ninja import Schema
from pydantic import ModelWrapValidatorHandler, model_validator


class Sent(Schema):
    """A body of JSON. A schema of ninja reads one that refuses unknown names twice: as it was sent,
    then as attributes of an object, which JSON does not have.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _run_root_validator(cls, values: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:  # noqa: ANN401 JSON of any shape
        return handler(values)
