"""Which operations of a PATCH may make the value that their path asks for."""

import re
from typing import Any, Final

from scim2_models import PatchOp, PatchOperation, Resource, ScimPolicy
from scim2_server.conditions import Conditions
from scim2_server.service import ScimService

from cuaso.channels.rest.scim.schemas import PROVIDER

_STRICT: Final = ScimPolicy()
# Entra ID replaces the mobile number of a person who has none yet, always in this spelling.
_PART_BY_TYPE: Final = re.compile(r"[\w:.-]+\[\s*type\s+eq\s+\"[^\"]*\"\s*\]\.\w+", re.IGNORECASE)


class PatchingService(ScimService):
    """A replace whose filter matches nothing is refused with noTarget (RFC 7644, 3.5.2.3)."""

    def apply_patch(
        self, current: Resource[Any], patch_op: "PatchOp[Any]", conditions: Conditions
    ) -> Resource[Any] | None:
        self.check_preconditions(current, "PATCH", conditions)
        changed = [
            patch_op.model_copy(update={"operations": [one]}).patch(current, _policy(one))
            for one in patch_op.operations or ()
        ]
        return current if any(changed) else None


def _policy(operation: "PatchOperation[Any]") -> ScimPolicy:
    replaces = operation.op == PatchOperation.Op.replace_
    if replaces and not _PART_BY_TYPE.fullmatch(str(operation.path or "")):
        return _STRICT
    return PROVIDER.policy
