"""The draft of a form as the files of a pack of its own: its registry and its code lists."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

import yaml

from cuaso.declarations.xlsform.draft import Draft

_TITLES: Final = ("list", "title_vi", "title_en", "source")
_CODES: Final = ("code", "label_vi", "label_en", "from", "to", "source", "unverified")
_SOURCE: Final = "Biểu mẫu khảo sát (XLSForm)"


def files_of(draft: Draft) -> dict[str, str]:
    """Return the texts of the pack's files by path; what comes of lists is marked unverified."""
    readme = (
        f"# {draft.title}\n\nBản nháp lập từ một biểu mẫu khảo sát (XLSForm), chưa đối chiếu.\n"
    )
    files = {
        "pack.yaml": f"title: {json.dumps(draft.title, ensure_ascii=False)}\nversion: 1.0.0\n",
        "README.md": readme,
        f"registries/{draft.name}.yaml": _yaml(draft.declared),
    }
    if draft.lists:
        titles = [(id, id, "", _SOURCE) for id in draft.lists]
        files["codes/lists.csv"] = _csv(_TITLES, titles)
    for id, lines in draft.lists.items():
        rows = [(one.code, one.label, one.label_en, "", "", _SOURCE, "yes") for one in lines]
        files[f"codes/{id}.csv"] = _csv(_CODES, rows)
    return files


class _Dumper(yaml.SafeDumper):
    """Writes texts so that a yes stays a yes, and lists below their key."""


def _yaml(plain: Any) -> str:  # noqa: ANN401 a declaration
    text: str = yaml.dump(plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([head, *rows])
    return text.getvalue()
