"""The phone's page: what waits for consent, each document with its picture and its hash."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Protocol

STATES = {"waiting": "đang chờ", "agreed": "đã đồng ý", "refused": "đã từ chối"}


class Asked(Protocol):
    @property
    def credential_id(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def documents(self) -> Sequence[Mapping[str, str]]: ...
    @property
    def state(self) -> str: ...
    @property
    def pushes(self) -> int: ...


def phone(asked: Mapping[str, Asked], names: Mapping[str, str]) -> str:
    """Return the page in HTML, the newest request first; a push that came twice is one line."""
    lines = "".join(
        _request(handle, one, names.get(one.credential_id, ""))
        for handle, one in reversed([*asked.items()])
    )
    return (
        "<!doctype html><html lang=vi><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'><title>Ký số từ xa (giả lập)</title>"
        f"<h1>Ký số từ xa (giả lập)</h1>{lines or '<p>Không có yêu cầu nào.</p>'}</html>"
    )


def _request(handle: str, one: Asked, name: str) -> str:
    shown = "".join(_document(each) for each in one.documents)
    buttons = "".join(
        f"<form method=post action='/phone/{escape(handle)}/{act}'><button>{said}</button></form>"
        for act, said in (("agree", "Đồng ý ký"), ("refuse", "Từ chối"))
    )
    return (
        f"<section><h2>{escape(one.description)}</h2><p>{escape(name)}: {STATES[one.state]}; "
        f"{len(one.documents)} văn bản</p><ol>{shown}</ol>"
        f"{buttons if one.state == 'waiting' else ''}</section>"
    )


def _document(one: Mapping[str, str]) -> str:
    picture = one.get("picture", "")
    shown = (
        f"<img alt='' width=200 src='data:image/png;base64,{escape(picture)}'>" if picture else ""
    )
    title, digest = escape(one.get("title", "")), escape(one.get("sha256", ""))
    return f"<li>{shown}{title}<br><code>{digest}</code></li>"
