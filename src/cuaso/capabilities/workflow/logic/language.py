"""The one language of a flow's expressions: CEL. SpiffWorkflow's Python is closed off."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NoReturn

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import (
    BasePythonScriptEngineEnvironment,
)

from cuaso.declarations import expressions
from cuaso.declarations.cel_tokens import paths, tokens
from cuaso.kernel.errors import Invalid

# What comes from SpiffWorkflow, which ships no types.
Untyped = Any


def names_in(text: str) -> frozenset[str]:
    """Return the variables that an expression reads; raise Invalid where it is no expression."""
    try:
        return frozenset(path.parts[0] for path in paths(tokens(text)))
    except ValueError:
        expressions.compile(text)
        raise


@lru_cache(maxsize=2048)
def compiled(text: str, names: frozenset[str] | None = None) -> expressions.Expression:
    """Return the compiled expression; raise Invalid when it is no CEL of the profile.

    Without `names` whatever it reads counts as declared.
    """
    return expressions.compile(text, names_in(text) if names is None else names)


def evaluate(text: str, data: Mapping[str, object]) -> object:
    """Return the value of an expression; a variable that the data lacks is null."""
    return compiled(text).evaluate(data)


def _refuse(what: str) -> NoReturn:
    raise Invalid(
        code="workflow.script_refused",
        what=f"Quy trình muốn chạy {what}, điều này không được phép.",
        mend="Hãy dùng bước dịch vụ và biểu thức CEL.",
    )


class CelEnvironment(BasePythonScriptEngineEnvironment):  # type: ignore[misc] # Spiff has no types
    """Evaluates what Spiff asks for without a task: correlation keys, ends of processes."""

    def evaluate(
        self,
        expression: str,
        context: Mapping[str, object],
        external_context: Mapping[str, object] | None = None,
    ) -> object:
        return evaluate(expression, {**(external_context or {}), **context})

    def execute(self, *_: object, **__: object) -> NoReturn:
        _refuse("một đoạn mã")

    def call_service(self, *_: object, **__: object) -> NoReturn:
        _refuse("một dịch vụ bằng mã")


class CelEngine(PythonScriptEngine):  # type: ignore[misc] # Spiff has no types
    """Evaluates CEL with a task's data and executes nothing."""

    def __init__(self) -> None:
        super().__init__(environment=CelEnvironment())

    def validate(self, expression: str) -> None:
        compiled(expression)

    def evaluate(
        self, task: Untyped, expression: str, external_context: Mapping[str, object] | None = None
    ) -> object:
        try:
            return self.environment.evaluate(expression, task.data, external_context)
        except Exception as error:
            spec = task.task_spec
            raise Invalid(
                code="workflow.expression_failed",
                what=f"Không tính được biểu thức “{expression}” sau bước “{spec.name}”.",
                why=str(error),
                mend="Hãy kiểm tra dữ liệu vừa nhập; nếu đúng, báo người quản lý quy trình.",
                data={"element": spec.name, "expression": expression},
            ) from error

    def execute(self, *_: object, **__: object) -> NoReturn:
        _refuse("một đoạn mã")

    def call_service(self, *_: object, **__: object) -> NoReturn:
        _refuse("một dịch vụ bằng mã")


ENGINE = CelEngine()
