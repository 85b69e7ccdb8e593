"""What ninja's description leaves out: refusals, the anti-forgery token, examples."""

from typing import Any

from ninja.openapi.schema import OpenAPISchema

from cuaso.channels.rest.problems import CONTENT_TYPE, Problem

DESCRIPTION = """Những việc người dân và cán bộ làm trên cổng và bàn làm việc, dành cho phần mềm.

- Đăng nhập bằng phiên của cổng (cookie). Yêu cầu ghi phải kèm `X-CSRFToken`, lấy tại `GET /me`.
- Lỗi theo RFC 9457 (`application/problem+json`): mã, điều gì, vì sao, cần làm gì, từng mục sai;
  `Accept-Language: en` thì nói bằng tiếng Anh, mã giữ nguyên.
- Việc của cán bộ trên một hồ sơ kèm `If-Match` là ETag của hồ sơ; người khác vừa làm trước thì 412.
- Nộp hồ sơ, trả tiền, thu và hoàn tiền kèm `Idempotency-Key`: gửi lại không làm lần thứ hai.
- Thời điểm theo RFC 3339, tiền là số nguyên đồng, tệp là multipart/form-data.

The acts of portal and desk for programs. Texts are in Vietnamese, refusals also in English
(`Accept-Language: en`); codes and names stay in English.
"""

WRITES = frozenset({"post", "put", "patch", "delete"})
METHODS = WRITES | {"get"}
REFUSALS = {
    "4XX": "Bị từ chối: không có gì thay đổi.",
    "503": "Một hệ thống bên ngoài không trả lời; có thể thử lại.",
}
TOKEN = "CsrfToken"  # noqa: S105 a scheme's name


def completed(schema: OpenAPISchema) -> OpenAPISchema:
    """Return the description with the refusals of every operation, written in place."""
    schema.schemas.update(_definitions())
    schema["components"]["securitySchemes"][TOKEN] = {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
    }
    for item in schema["paths"].values():
        for method in METHODS & item.keys():
            _complete(item[method], writes=method in WRITES)
    return schema


def _definitions() -> dict[str, Any]:
    said = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = said.pop("$defs", {})
    return {**inner, "Problem": said}


def _complete(operation: dict[str, Any], *, writes: bool) -> None:
    for parameter in operation["parameters"]:
        # Ninja writes the schema's list of examples where OpenAPI wants a map.
        if examples := parameter.pop("examples", None):
            parameter["example"] = examples[0]
        if parameter["name"] == "If-Match":
            # Its absence has a status of its own (428), so ninja must let it be absent.
            parameter["required"] = True
            parameter["schema"].pop("default", None)
    responses = {str(status): said for status, said in operation["responses"].items()}
    for status, words in REFUSALS.items():
        responses[status] = {
            "description": words,
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    if operation.get("security") and writes:
        operation["security"] = [{**operation["security"][0], TOKEN: []}]
    operation["responses"] = responses
