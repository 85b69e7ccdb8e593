"""Builds the Django models of one version of a registry, in a private Apps."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self, TypeVar, cast
from uuid import UUID

from django.apps.registry import Apps
from django.db import models
from django.db.models.base import ModelBase

from cuaso.capabilities.registries.logic.storing.columns import Column, Kept, Twin, columns_of
from cuaso.capabilities.registries.logic.storing.fetching import Fetching
from cuaso.capabilities.registries.logic.storing.words import WordsField
from cuaso.declarations.registries import Registry
from cuaso.kernel.collecting import uncollected
from cuaso.kernel.identifiers import new_id

Made = TypeVar("Made")


class Row(models.Model):
    """What every record has beside its own fields. `row_agency` keeps it; `row_change` made this
    version, which holds since `row_since`; `row_gone` is when it was put into the bin.
    """

    row_id = models.UUIDField(default=new_id)
    row_agency = models.UUIDField()
    row_revision = models.PositiveIntegerField(default=1)
    row_change = models.UUIDField()
    row_since = models.DateTimeField()
    row_gone = models.DateTimeField(null=True)
    row_words = WordsField(default="")
    row_sources = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True


@dataclass(frozen=True, kw_only=True, eq=False)
class Built:
    """A registry as this moment knows it: what is declared, its models, its columns by path.

    Its models stand in an Apps of their own and go with it; nothing global knows them.
    """

    id: UUID
    key: str
    table: str
    owner_id: UUID
    version: int
    declared: Registry
    # What the version in force has and this older one does not show: rights may read it.
    beside: tuple[Column, ...] = ()
    # Every column that the tables have or had, and how often one of them was turned or dropped.
    kept: tuple[Kept, ...] = ()
    reshaped: int = 0
    # Second columns of fields whose type has changed, kept in step.
    twins: tuple[Twin, ...] = ()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return columns_of(self.declared, self.kept)

    @property
    def standing_twins(self) -> tuple[Twin, ...]:
        """The second columns that records still have."""
        return tuple(one for one in self.twins if not one.dropped)

    @cached_property
    def live(self) -> type[Row]:
        """The model of what records are."""
        twins = (one.column for one in self.standing_twins)
        columns = (*self.columns, *self.beside, *twins)
        return _model(self.table, columns, self._apps, past=False)

    @cached_property
    def past(self) -> type[Row]:
        """The model of what they were: the same columns, and `row_until`, `row_ended` (the change
        that ended a version).
        """
        columns = (*self.columns, *self.beside, *(one.column for one in self.twins))
        return _model(past_of(self.table), columns, self._apps, past=True)

    @cached_property
    def fetching(self) -> Fetching:
        """Reads one record as it is."""
        return Fetching(self.live)

    @cached_property
    def fetching_past(self) -> Fetching:
        """Reads what one record was."""
        return Fetching(self.past)

    @cached_property
    def _apps(self) -> Apps:
        return Apps()

    @cached_property
    def name_pattern(self) -> str:
        """How people call a record, its fields in braces."""
        return self.declared.name or " – ".join(f"{{{path}}}" for path in self.declared.key)

    @cached_property
    def by_path(self) -> dict[str, Column]:
        return {column.path: column for column in (*self.beside, *self.columns)}

    def column(self, path: str) -> Column:
        return self.by_path[path]

    def under(self, path: str) -> tuple[Column, ...]:
        """Return the columns of a field: its own, or those of its parts."""
        if path not in self._under:
            inside = f"{path}."
            self._under[path] = tuple(
                one for one in self.columns if one.path == path or one.path.startswith(inside)
            )
        return self._under[path]

    def worked_out(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` gave at the first call with this key: what follows from this version
        and the key alone, and never changes. There are few keys.
        """
        if key not in self._made:
            self._made[key] = make()
        found: Made = self._made[key]
        return found

    @cached_property
    def statements(self) -> dict[Hashable, Any]:
        """What `seeing.statements` has worked out for this version, as many as it bounds."""
        return {}

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    @cached_property
    def _under(self) -> dict[str, tuple[Column, ...]]:
        return {}

    def person_column(self, field: str) -> Column:
        """Return the column with the number of the person or business in a field."""
        for part in ("personal_number", "number"):
            if f"{field}.{part}" in self.by_path:
                return self.by_path[f"{field}.{part}"]
        return self.by_path[field]


def past_of(table: str) -> str:
    """Return the name of the table of past versions."""
    return f"h_{table.removeprefix('r_')}"


def _model(table: str, columns: tuple[Column, ...], apps: Apps, *, past: bool) -> type[Row]:
    with uncollected():
        return _made(table, columns, apps, past=past)


def _made(table: str, columns: tuple[Column, ...], apps: Apps, *, past: bool) -> type[Row]:
    given: dict[str, Any] = {}
    if past:
        given["row_version"] = models.BigAutoField(primary_key=True)
        given["row_until"] = models.DateTimeField()
        given["row_ended"] = models.UUIDField()
    else:
        given["row_id"] = models.UUIDField(primary_key=True, default=new_id)
    for column in columns:
        given |= column.model_fields()
    words = {"app_label": "registries", "apps": apps, "db_table": table, "managed": False}
    body = {**given, "__module__": __name__, "Meta": type("Meta", (), words)}
    return cast(type[Row], ModelBase(table, (Row,), body))
