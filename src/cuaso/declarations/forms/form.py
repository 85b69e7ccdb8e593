"""The form: declared in a pack, cleaned here."""

from collections.abc import Collection, Mapping
from typing import Any

from cuaso.declarations.fields import Context
from cuaso.declarations.forms import cleaned as answers
from cuaso.declarations.forms import fill, view
from cuaso.declarations.forms.cleaned import Cleaned, ShownSection
from cuaso.declarations.forms.examine import Examination, examine, work_out
from cuaso.declarations.forms.fill import Prefilled, Texts
from cuaso.declarations.forms.json_schema import json_schema
from cuaso.declarations.forms.posted import Posted, all_declared, renumber
from cuaso.declarations.forms.schema import FormShape, Values
from cuaso.declarations.forms.view import FormView
from cuaso.declarations.trouble import suggestion
from cuaso.kernel.errors import Invalid, Problem


class Form(FormShape):
    """A form of sections and fields. Inputs are flat: path → text, or texts for many."""

    def clean(
        self,
        values: Posted,
        context: Context,
        *,
        strict: bool = False,
        read: Examination | None = None,
    ) -> Cleaned:
        """Return typed answers; raise Invalid (`forms.invalid`) with a Problem for each path.

        `strict` also refuses paths that the form does not have (for the API); `read` is what
        `examine` made of these values in this context, when it did already.
        """
        state = read or examine(self, values, context)
        problems = state.visible_problems()
        if strict:
            problems = (*problems, *self._strangers(values))
        if problems:
            raise Invalid(
                code="forms.invalid",
                what=f"Tờ khai còn {len(problems)} chỗ cần sửa.",
                mend="Hãy sửa các ô được đánh dấu rồi gửi lại.",
                problems=problems,
            )
        return answers.keep(self, state.values)

    def draft(self, values: Posted) -> Texts:
        """Return what may be saved of an unfinished input: declared paths, rows without gaps."""
        return renumber(self, values)

    def load(self, stored: Mapping[str, Any]) -> Cleaned:
        """Return typed answers from `Cleaned.stored`."""
        return answers.load(self, stored)

    def work_out(
        self, cleaned: Cleaned, paths: Collection[str], context: Context
    ) -> Mapping[str, str]:
        """Work out computed fields of loaded answers again (`paths`: section.field), in place.

        Return why a field has no value, by its path; it keeps the one that it had. Nothing else is
        read anew, hidden or refused.
        """
        return work_out(self, cleaned.values, paths, context)

    def rows(self, section_id: str, stored: object) -> list[Values]:
        """Return the typed rows of a repeated section from `Cleaned.stored`."""
        found: list[Values] = answers.load_section(self.sections[section_id], stored)
        return found

    def edit(self, cleaned: Cleaned) -> Texts:
        """Return clean answers as text to type again."""
        return answers.edit(self, cleaned)

    def show(self, cleaned: Cleaned, context: Context) -> tuple[ShownSection, ...]:
        """Return clean answers as labels and texts."""
        return answers.show(self, cleaned, context)

    def texts(self, cleaned: Cleaned, context: Context) -> dict[str, Any]:
        """Return clean answers as people read them, section by section: what templates print."""
        return answers.texts(self, cleaned, context)

    def empty(self) -> Texts:
        """Return a fresh input."""
        return fill.empty(self)

    def prefill(self, sources: Mapping[str, Mapping[str, object]]) -> Prefilled:
        """Return what the sources know, and from where."""
        return fill.prefill(self, sources)

    def describe(
        self,
        values: Posted,
        context: Context,
        *,
        problems: tuple[Problem, ...] = (),
        origins: Mapping[str, str] | None = None,
        read: Examination | None = None,
    ) -> FormView:
        """Return the form as a template draws it, with `problems` at their fields; `read` is what
        `examine` made of these values in this context, when it did already.
        """
        said = {problem.field: problem.say for problem in problems}
        return view.describe(self, values, context, problems=said, origins=origins, read=read)

    def sample(self, context: Context, *, seed: int) -> Texts:
        """Return invented answers that the form accepts; the same for the same seed."""
        return fill.sample(self, context, seed=seed)

    def json_schema(self, *, title: str = "") -> dict[str, Any]:
        """Return the JSON Schema of the nested answers."""
        return json_schema(self, title=title)

    def _strangers(self, values: Posted) -> tuple[Problem, ...]:
        if all_declared(self, values):
            return ()
        known = set(self.draft(values))
        strange = [path for path in values if path not in known]
        declared = view.input_paths(self) if strange else ()
        return tuple(Problem(field=path, say=self._strange(path, declared)) for path in strange)

    def _strange(self, path: str, declared: tuple[str, ...]) -> str:
        found = self.field_at(path)
        if found is not None and found.type == "computed":
            return f"{found.title} do hệ thống tính, không nhận giá trị gửi lên. Hãy bỏ ô này."
        return f"Không có ô nào tên “{path}”. {suggestion(path, declared)}"
