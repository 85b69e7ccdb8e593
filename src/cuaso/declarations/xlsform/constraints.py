"""The rules between fields as constraints of questions, each on the last question that it reads."""

from collections.abc import Mapping, Sequence

from cuaso.declarations.fields import Field
from cuaso.declarations.forms import Rule
from cuaso.declarations.xlsform.from_cel import read_of, translated
from cuaso.declarations.xlsform.xpath import Known, Untranslated

Held = tuple[Sequence[str], Sequence[Rule]]


class Constraints:
    """The rules of a record or of the rows of a group; `left` are those that a form cannot say.

    A rule of a registry passes while a value is missing, a constraint does not: what may be left
    empty is asked for first.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        names: Mapping[str, Known],
        order: Sequence[str],
        fields: Mapping[str, Field],
        *,
        prefix: str,
    ) -> None:
        self._names, self._fields, self._prefix = names, fields, prefix
        self._places = {name: at for at, name in enumerate(order)}
        self._held: dict[str, tuple[list[str], list[Rule]]] = {}
        self.left: list[tuple[str, str]] = []
        for rule in rules:
            self._put(rule)

    def of(self, path: str) -> Held:
        """Return the conditions on a question, and the rules from which they come."""
        return self._held.get(path, ((), ()))

    def _put(self, rule: Rule) -> None:
        try:
            reads = read_of(rule.check, self._names)
            host = self._host(reads)
            check = translated(rule.check, self._names, own=f"{self._prefix}{host}")
        except (Untranslated, ValueError) as why:
            self.left.append((rule.say, str(why)))
            return
        missing = [
            f"${{{self._names[path].path}}} = ''"
            for path in reads
            if path != f"{self._prefix}{host}" and self._may_miss(path, rule.check)
        ]
        if missing:
            bare = check[1:-1] if check.startswith("(") and " or " in check else check
            check = f"({' or '.join([*missing, bare])})"
        checks, rules = self._held.setdefault(host, ([], []))
        checks.append(check)
        rules.append(rule)

    def _host(self, reads: Sequence[str]) -> str:
        """Return the last question that a rule reads and a person answers; raise Untranslated."""
        own = [one.removeprefix(self._prefix) for one in reads if one.startswith(self._prefix)]
        asked = [
            one
            for one in own
            if (held := self._fields.get(one.partition(".")[0])) and held.type != "computed"
        ]
        if not asked:
            raise Untranslated("không đọc câu hỏi nào mà người ghi trả lời")
        return max(asked, key=lambda one: self._places[one.partition(".")[0]])

    def _may_miss(self, path: str, check: str) -> bool:
        name = path.removeprefix(self._prefix).partition(".")[0]
        one = self._fields.get(name)
        sure = (
            one is not None
            and one.required is True
            and not one.when
            and "." not in path.removeprefix(self._prefix)
        )
        return not sure and f"blank({path})" not in check
