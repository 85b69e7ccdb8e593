"""Which lines of the data plan rely on a registry."""

from cuaso.kernel import clock
from cuaso.services.planning.models import Holding, valid_on


def users_of_registry(registry: str) -> tuple[str, ...]:
    """Return a sentence for each holding of the plan that names a registry (`pack/name`)."""
    rows = Holding.objects.filter(valid_on(clock.today()), system=registry)
    return tuple(
        f"Kế hoạch dữ liệu ghi sổ này là nơi giữ “{title}”."
        for title in rows.order_by("role").values_list("title", flat=True)
    )
