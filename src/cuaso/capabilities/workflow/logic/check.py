from cuaso.capabilities.workflow.contracts import Finding
from cuaso.capabilities.workflow.logic.lint import elements, moves, phrases
from cuaso.capabilities.workflow.logic.lint.saying import on_whole
from cuaso.capabilities.workflow.logic.source import Unreadable, read
from cuaso.capabilities.workflow.logic.spec import spec_of


def check(xml: bytes | str) -> tuple[Finding, ...]:
    """Return what is wrong with a drawing, errors first; () means it may be deployed.

    Never raises for what is in the file, whatever it is.
    """
    content = xml.encode() if isinstance(xml, str) else xml
    try:
        diagram = read(content)
    except Unreadable as unreadable:
        return (unreadable.finding,)
    # Ways through an element that the profile does not know would all be found loose.
    ways = () if diagram.strangers else moves.RULES
    rules = (*elements.RULES, *ways, *phrases.RULES)
    found = [finding for rule in rules for finding in rule(diagram)]
    if not any(finding.severity == "error" for finding in found):
        found.extend(_engine_agrees(content))
    return tuple(sorted(found, key=lambda f: (f.severity != "error", f.line)))


def _engine_agrees(content: bytes) -> tuple[Finding, ...]:
    """Build it for real: what the rules above let through and Spiff does not is still refused."""
    try:
        spec_of(content.decode())
    except Exception as error:  # noqa: BLE001 Spiff raises many kinds
        return (
            on_whole(
                rule="engine.refused",
                say=f"Máy quy trình không dựng được sơ đồ: {error}",
                mend="Hãy vẽ lại phần vừa sửa; nếu vẫn lỗi, gửi tệp cho người quản trị.",
            ),
        )
    return ()
