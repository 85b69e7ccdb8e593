from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction

from cuaso.capabilities.messages import contracts
from cuaso.capabilities.messages.logic.wording import holes
from cuaso.capabilities.messages.models import Template
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.subjects import Subject

TEXT: Final = ("code", "language", "channel", "version", "subject", "body")
# Every message asks: Django would think about it longer than PostgreSQL.
NEWEST: Final = f"""
select distinct on (language, channel) {", ".join(TEXT)} from messaging_template
where code = %s and language = any(%s) and channel = any(%s)
order by language, channel, version desc
"""  # noqa: S608 our own column names
NEVER_IN_SMS = frozenset({"personal_number", "identity_number", "cccd", "mother_number"})


def install(*, templates: Iterable[contracts.Template], actor: Actor) -> int:
    """Make these texts the newest of their event, language and channel; return how many changed.

    Raises Invalid with every faulty template; then none is installed.
    """
    listed = tuple(templates)
    problems = tuple(problem for template in listed for problem in _faults(template))
    if problems:
        raise Invalid(
            code="messages.faulty_template",
            what=f"{len(problems)} lỗi trong các mẫu thông báo.",
            why=problems[0].say,
            mend="Hãy sửa mẫu rồi cài lại.",
            problems=problems,
        )
    with transaction.atomic():
        return sum(_install(template, actor) for template in listed)


def _faults(template: contracts.Template) -> Iterable[Problem]:
    where = f"{template.id}.{template.language}.{template.channel}"
    try:
        asked = holes(template.subject) | holes(template.body)
    except ValueError:
        yield Problem(field=where, say="Có dấu ngoặc nhọn không đi với tên nào.")
        return
    if extra := sorted(asked - template.names):
        yield Problem(field=where, say=f"Dùng tên chưa khai báo: {', '.join(extra)}.")
    if template.channel == "email" and not template.subject.strip():
        yield Problem(field=where, say="Thư điện tử chưa có tiêu đề.")
    if template.channel == "sms" and asked & NEVER_IN_SMS:
        yield Problem(field=where, say="Tin nhắn không được chứa số định danh cá nhân.")
    if not template.body.strip():
        yield Problem(field=where, say="Chưa có nội dung.")


def _install(template: contracts.Template, actor: Actor) -> int:
    newest = current(template.id, template.language, template.channel)
    text = (template.subject, template.body, sorted(template.names))
    if newest is not None and (newest.subject, newest.body, newest.names) == text:
        return 0
    row = Template.objects.create(
        code=template.id,
        language=template.language,
        channel=template.channel,
        version=newest.version + 1 if newest else 1,
        subject=template.subject,
        body=template.body,
        names=sorted(template.names),
        installed_at=clock.now(),
    )
    audit.record(
        actor=actor,
        act="messages.template_installed",
        subject=Subject(kind="messages.template", id=row.id),
        content={
            "code": row.code,
            "channel": row.channel,
            "language": row.language,
            "version": row.version,
        },
    )
    return 1


def current(code: str, language: str, channel: str) -> Template | None:
    rows = Template.objects.filter(code=code, language=language, channel=channel)
    return rows.order_by("-version").first()


def chosen(
    texts: Iterable[Template], *, languages: Sequence[str], channels: Sequence[str]
) -> tuple[Template, ...]:
    """Return the text of each channel that has one, in the first of the languages."""
    found = {(row.language, row.channel): row for row in texts}
    firsts = (
        next((found[key] for key in ((each, channel) for each in languages) if key in found), None)
        for channel in channels
    )
    return tuple(row for row in firsts if row is not None)
