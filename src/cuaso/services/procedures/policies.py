"""Who may see a dossier and who may act on it."""

from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import (
    Grant,
    Policy,
    all_of,
    any_of,
    equals,
    exists,
    filled,
    negate,
    of_actor,
    one_of,
)
from cuaso.kernel.actors import Capacity
from cuaso.services.procedures.models import Dossier

OWNERS: frozenset[Capacity] = frozenset({"citizen", "business", "guardian"})
OFFICIAL: frozenset[Capacity] = frozenset({"official"})

DOSSIERS = access.register(
    Policy(
        name="procedures.dossiers",
        model=Dossier,
        grants=(
            Grant(
                name="dossier.owner",
                acts=frozenset({"view", "own", "follow"}),
                capacities=OWNERS,
                where=equals("party_id", of_actor("party_id")),
                say="Hồ sơ của chính người đang xem, hoặc của người mà họ đại diện.",
                source="Nghị định 61/2018/NĐ-CP; Nghị định 118/2025/NĐ-CP",
            ),
            Grant(
                name="dossier.co_applicant",
                acts=frozenset({"view", "follow"}),
                capacities=OWNERS,
                where=exists(
                    "co_applicants",
                    all_of(
                        negate(filled("until_at")),
                        equals(path="name_agrees", value=True),
                        equals("person_id", of_actor("party_id")),
                    ),
                ),
                say="Người này cùng nộp hồ sơ: tờ khai ghi họ tên và số định danh của họ.",
                source="Khai báo người cùng nộp của thủ tục đã công bố",
            ),
            Grant(
                name="dossier.task",
                acts=frozenset({"view", "work", "comment"}),
                capacities=OFFICIAL,
                where=exists(
                    "works",
                    all_of(
                        negate(filled("done_at")),
                        one_of("role", of_actor("roles")),
                        equals("agency_id", of_actor("agency_id")),
                    ),
                ),
                say="Hồ sơ đang chờ vai trò của người này tại cơ quan của họ xử lý.",
                source="Phân công việc theo quy trình đã ban hành của thủ tục",
            ),
            Grant(
                name="dossier.settling",
                acts=frozenset({"settle"}),
                capacities=OFFICIAL,
                roles=frozenset({"handler", "leader"}),
                where=any_of(
                    equals("agency_id", of_actor("agency_id")),
                    equals("signing_agency_id", of_actor("agency_id")),
                ),
                say="Người này thẩm tra hoặc lãnh đạo tại cơ quan có thẩm quyền giải quyết hồ sơ.",
                source="Nghị định 61/2018/NĐ-CP; Nghị định 118/2025/NĐ-CP",
            ),
            Grant(
                name="dossier.leading",
                acts=frozenset({"lead"}),
                capacities=OFFICIAL,
                roles=frozenset({"leader"}),
                where=any_of(
                    equals("agency_id", of_actor("agency_id")),
                    equals("signing_agency_id", of_actor("agency_id")),
                ),
                say="Người này lãnh đạo cơ quan có thẩm quyền giải quyết hồ sơ.",
                source="Nghị định 61/2018/NĐ-CP; Nghị định 118/2025/NĐ-CP",
            ),
            Grant(
                name="dossier.reception",
                acts=frozenset({"view", "comment"}),
                capacities=OFFICIAL,
                roles=frozenset({"reception"}),
                where=one_of("received_agency_id", of_actor("agency_scope")),
                say="Bộ phận một cửa đã tiếp nhận hồ sơ này và trả kết quả cho người nộp.",
                source="Nghị định 118/2025/NĐ-CP",
            ),
            Grant(
                name="dossier.past_task",
                acts=frozenset({"view", "comment"}),
                capacities=OFFICIAL,
                where=exists(
                    "works",
                    all_of(
                        one_of("role", of_actor("roles")),
                        equals("agency_id", of_actor("agency_id")),
                    ),
                ),
                say="Người này, với vai trò của mình, đã có việc trong hồ sơ.",
                source="Phân công việc theo quy trình đã ban hành của thủ tục",
            ),
            Grant(
                name="dossier.agency",
                acts=frozenset({"view"}),
                capacities=OFFICIAL,
                where=one_of("agency_id", of_actor("agency_scope")),
                say="Người này làm ở cơ quan có thẩm quyền giải quyết; "
                "xem khi không có việc thì phải nêu mục đích.",
                source="Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15",
                logged=True,
            ),
            Grant(
                name="dossier.auditor",
                acts=frozenset({"view"}),
                capacities=OFFICIAL,
                roles=frozenset({"auditor"}),
                say="Người này kiểm tra, thanh tra; mỗi lần xem phải nêu mục đích.",
                source="Quyết định phân công kiểm tra",
                logged=True,
            ),
        ),
        denials=(
            Grant(
                name="dossier.own_affair",
                acts=frozenset({"work", "comment", "settle", "lead"}),
                capacities=OFFICIAL,
                where=any_of(
                    equals("person_id", of_actor("person_id")),
                    equals("party_id", of_actor("person_id")),
                    equals("subject_id", of_actor("person_id")),
                    exists(
                        "co_applicants",
                        all_of(
                            negate(filled("until_at")),
                            equals("person_id", of_actor("person_id")),
                        ),
                    ),
                ),
                say="Không ai được xử lý hồ sơ của chính mình.",
                source="Luật Phòng, chống tham nhũng 36/2018/QH14",
            ),
        ),
    )
)
