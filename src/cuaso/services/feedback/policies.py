"""Who rates a dossier, who complains about it, who answers."""

from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import Grant, Policy, equals, exists, of_actor
from cuaso.kernel.actors import Capacity
from cuaso.services.feedback.models import Complaint, Rating

OWNERS: frozenset[Capacity] = frozenset({"citizen", "business", "guardian"})
OFFICIAL: frozenset[Capacity] = frozenset({"official"})

RATINGS = access.register(
    Policy(
        name="feedback.ratings",
        model=Rating,
        grants=(
            Grant(
                name="rating.applicant",
                acts=frozenset({"view", "rate"}),
                capacities=OWNERS,
                where=equals("party_id", of_actor("party_id")),
                say="Người nộp hồ sơ, hoặc người đại diện của họ, đánh giá việc phục vụ mình.",
                source="Quyết định 766/QĐ-TTg",
            ),
        ),
    )
)

COMPLAINTS = access.register(
    Policy(
        name="feedback.complaints",
        model=Complaint,
        grants=(
            Grant(
                name="complaint.author",
                acts=frozenset({"view"}),
                capacities=OWNERS,
                where=equals("party_id", of_actor("party_id")),
                say="Phản ánh, kiến nghị của chính người đang xem hoặc của người mà họ đại diện.",
            ),
            Grant(
                name="complaint.leader",
                acts=frozenset({"view", "answer"}),
                capacities=OFFICIAL,
                roles=frozenset({"leader"}),
                where=equals("answering_agency_id", of_actor("agency_id")),
                say="Người này lãnh đạo cơ quan có trách nhiệm trả lời phản ánh, kiến nghị.",
                source="Nghị định 61/2018/NĐ-CP; Nghị định 118/2025/NĐ-CP",
            ),
        ),
        denials=(
            Grant(
                name="complaint.own_act",
                acts=frozenset({"view", "answer"}),
                capacities=OFFICIAL,
                where=exists("concerned", equals("person_id", of_actor("person_id"))),
                say="Người có việc làm bị phản ánh không được trả lời phản ánh đó.",
                source="Luật Phòng, chống tham nhũng 36/2018/QH14",
            ),
            Grant(
                name="complaint.own_affair",
                acts=frozenset({"answer"}),
                capacities=OFFICIAL,
                where=equals("person_id", of_actor("person_id")),
                say="Không ai trả lời phản ánh, kiến nghị của chính mình.",
                source="Luật Phòng, chống tham nhũng 36/2018/QH14",
            ),
        ),
    )
)
