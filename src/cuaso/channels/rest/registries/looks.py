"""What programs are shown of a registry beside its lists: figures, a board, a month of days."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from ninja import Schema

from cuaso.capabilities.registries.contracts import (
    BoardColumn,
    CalendarView,
    FigureCell,
    FigureView,
    Filter,
    Outline,
    ViewOffer,
)

Json = dict[str, Any]


class ViewName(Schema):
    name: str
    title: str


class Views(Schema):
    """Tên dùng trong địa chỉ của mỗi cách xem."""

    lists: list[ViewName]
    figures: list[ViewName]
    calendars: list[ViewName]
    maps: list[ViewName]
    prints: list[ViewName]
    board: bool


class Number(Schema):
    """`value` là số, hoặc chữ khi có phần thập phân; null khi không có gì để tính."""

    value: int | str | None
    text: str
    where: list[str]


class FigureLine(Schema):
    label: str
    cells: list[Number]


class Figure(Schema):
    """Một số liệu: một dòng cho mỗi giá trị của ô thứ nhất, một cột cho mỗi giá trị của ô sau."""

    registry: str
    name: str
    title: str
    unit: str
    by: list[str]
    columns: list[str]
    lines: list[FigureLine]
    total: Number


class BoardRecord(Schema):
    id: UUID
    revision: int
    name: str


class BoardStatus(Schema):
    code: str
    label: str
    count: int | None
    records: list[BoardRecord]


class Board(Schema):
    registry: str
    statuses: list[BoardStatus]


class CalendarRecord(Schema):
    id: UUID
    day: date
    name: str
    colour: str


class Calendar(Schema):
    registry: str
    name: str
    title: str
    field: str
    month: str
    partial: bool
    records: list[CalendarRecord]


def views(outline: Outline) -> Json:
    return {
        "lists": [{"name": one.name, "title": one.title or outline.title} for one in outline.lists],
        "figures": _named(outline.figures),
        "calendars": _named(outline.calendars),
        "maps": _named(outline.maps),
        "prints": _named(outline.prints),
        "board": bool(outline.status),
    }


def _named(offers: Iterable[ViewOffer]) -> list[Json]:
    return [{"name": one.name, "title": one.title} for one in offers]


def figure(registry: str, found: FigureView) -> Json:
    return {
        "registry": registry,
        "name": found.name,
        "title": found.title,
        "unit": found.unit,
        "by": list(found.by),
        "columns": list(found.columns),
        "lines": [
            {"label": label, "cells": [_number(one) for one in cells]}
            for label, cells in found.lines
        ],
        "total": _number(found.total),
    }


def _number(one: FigureCell) -> Json:
    asked = [said for each in one.filters for said in _asked(each)]
    return {"value": one.value, "text": one.text, "where": asked}


def _asked(one: Filter) -> list[str]:
    """Return a condition as `where` takes it; what none of several values may be is said apart."""
    if one.how == "not":
        return [f"{one.path}:not:{value}" for value in one.values]
    return [f"{one.path}:{one.how}" + (f":{','.join(one.values)}" if one.values else "")]


def board(registry: str, columns: Iterable[BoardColumn]) -> Json:
    return {
        "registry": registry,
        "statuses": [
            {
                "code": one.code,
                "label": one.label,
                "count": one.count,
                "records": [
                    {"id": str(row.id), "revision": row.revision, "name": row.name}
                    for row in one.rows
                ],
            }
            for one in columns
        ],
    }


def calendar(registry: str, found: CalendarView) -> Json:
    return {
        "registry": registry,
        "name": found.name,
        "title": found.title,
        "field": found.path,
        "month": f"{found.month:%Y-%m}",
        "partial": found.partial,
        "records": [
            {"id": str(one.id), "day": one.day, "name": one.name, "colour": one.colour}
            for one in found.entries
        ],
    }
