"""Who may read a paper in a locker."""

from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import Grant, Policy, equals, of_actor, one_of
from cuaso.services.locker.models import Paper

PAPERS = access.register(
    Policy(
        name="locker.papers",
        model=Paper,
        grants=(
            Grant(
                name="locker.owner",
                acts=frozenset({"view", "share"}),
                capacities=frozenset({"citizen", "business", "guardian"}),
                where=equals("owner_id", of_actor("party_id")),
                say="Giấy tờ này thuộc kho của chính người đang xem hoặc của người mà họ đại diện.",
                source="Nghị định 45/2020/NĐ-CP, Điều 16",
            ),
            Grant(
                name="locker.issuer",
                acts=frozenset({"revoke"}),
                capacities=frozenset({"official"}),
                roles=frozenset({"leader"}),
                where=one_of("agency_id", of_actor("agency_scope")),
                say="Người đứng đầu cơ quan đã cấp giấy tờ được thu hồi giấy tờ cấp sai.",
            ),
        ),
        denials=(),
    )
)
