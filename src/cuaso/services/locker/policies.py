"""Who may read a paper in a locker."""

from cuaso.foundation.access.contracts import Grant, Policy, equals, of_actor
from cuaso.services.locker.models import Paper

PAPERS = Policy(
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
    ),
    denials=(),
)
