"""Read a SCIM filter (RFC 7644 §3.4.2.2) as a condition on entries."""

from collections.abc import Mapping
from typing import Any, Final

from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path.expressions import (
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from cuaso.capabilities.provisioning import contracts

MOST_TERMS: Final = 200
_USER: Final = "urn:ietf:params:scim:schemas:core:2.0:user:"
_GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:group:"
_NAMES: Final[Mapping[str, str]] = {
    "id": "id",
    "externalid": "external_id",
    "username": "user_name",
    "displayname": "display_name",
    "name.formatted": "display_name",
    "name": "display_name",
    "title": "title",
    "active": "active",
    "emails": "email",
    "emails.value": "email",
    "phonenumbers": "phone",
    "phonenumbers.value": "phone",
    "groups": "group",
    "groups.value": "group",
    "members": "member",
    "members.value": "member",
    "meta.created": "created_at",
    "meta.lastmodified": "changed_at",
    "urn:cuaso:params:scim:schemas:extension:organisation:2.0:group:code": "code",
}


def condition(wanted: ScimFilter[Any] | None) -> contracts.Condition | None:
    """Return the condition of a filter; raise InvalidFilterException for what cannot be asked."""
    if wanted is None:
        return None
    if _terms(wanted.ast) > MOST_TERMS:
        raise InvalidFilterException(detail=f"A filter has at most {MOST_TERMS} terms.")
    return _node(wanted.ast, within="")


def _terms(node: FilterNode) -> int:
    match node:
        case Not():
            return _terms(node.expr)
        case LogicalExpr():
            return sum(_terms(part) for part in node.terms)
        case ValuePath():
            return _terms(node.val_filter)
    return 1


def name_of(path: object) -> str:
    """Return the entry's name for an attribute path."""
    text = str(path).lower()
    for schema in (_USER, _GROUP):
        text = text.removeprefix(schema)
    try:
        return _NAMES[text]
    except KeyError as error:
        raise InvalidFilterException(detail=f"{path} cannot be filtered or sorted by") from error


def _node(node: FilterNode, *, within: str) -> contracts.Condition:
    match node:
        case Not():
            return contracts.Not(of=_node(node.expr, within=within))
        case LogicalExpr():
            parts = tuple(_node(part, within=within) for part in node.terms)
            if node.op == LogicalOperator.and_:
                return contracts.Every(of=parts)
            return contracts.Some(of=parts)
        case Present():
            return contracts.Compare(name=name_of(f"{within}{node.attr_path}"), operator="pr")
        case Comparison():
            return _compare(node, within=within)
        case ValuePath():
            return _value_path(node)
    raise InvalidFilterException


def _value_path(node: ValuePath) -> contracts.Condition:
    """`emails[type eq "work" and value eq …]`: the house has one address, of whichever type."""
    return _node(node.val_filter, within=f"{node.attr_path}.")


def _compare(node: Comparison, *, within: str) -> contracts.Condition:
    path = f"{within}{node.attr_path}"
    if within and str(node.attr_path).lower() in ("type", "primary"):
        return contracts.Compare(name=name_of(within.removesuffix(".")), operator="pr")
    value = node.value
    if value is None:
        absent = contracts.Compare(name=name_of(path), operator="pr")
        return contracts.Not(of=absent) if node.op == "eq" else absent
    return contracts.Compare(name=name_of(path), operator=str(node.op), value=value)  # type: ignore[arg-type] # the same words
