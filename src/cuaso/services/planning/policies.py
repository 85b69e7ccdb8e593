"""Who reads the register of applications, who registers, who decides, who keeps it up."""

from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import Grant, Policy, of_actor, one_of
from cuaso.kernel.actors import Capacity
from cuaso.services.planning.models import Application

OFFICIAL: frozenset[Capacity] = frozenset({"official"})
KEEPERS = frozenset({"admin", "leader"})

APPLICATIONS = access.register(
    Policy(
        name="planning.applications",
        model=Application,
        grants=(
            Grant(
                name="application.official",
                acts=frozenset({"view"}),
                capacities=OFFICIAL,
                say="Cán bộ của tỉnh được xem sổ đăng ký ứng dụng để không mua, không làm trùng.",
            ),
            Grant(
                name="application.keeper",
                acts=frozenset({"register", "move"}),
                capacities=OFFICIAL,
                roles=KEEPERS,
                where=one_of("agency_id", of_actor("agency_scope")),
                say="Lãnh đạo, cán bộ quản trị đăng ký và cập nhật ứng dụng của cơ quan mình.",
            ),
            Grant(
                name="application.approver",
                acts=frozenset({"decide"}),
                capacities=OFFICIAL,
                roles=KEEPERS,
                where=one_of("approver_id", of_actor("agency_scope")),
                say="Lãnh đạo, cán bộ quản trị của Ủy ban nhân dân tỉnh quyết định đăng ký.",
            ),
        ),
    )
)
