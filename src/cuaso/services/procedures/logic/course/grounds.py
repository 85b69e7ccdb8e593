"""The declared grounds on which an act may stand: dated codes of the packs, never constants."""

from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.dictionary.contracts import Code
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, Problem
from cuaso.services.procedures.act_contracts import GroundView

LISTS = {"pause": "pause_ground", "stop": "stop_ground", "revoke": "revoke_ground"}


def grounds(*, act: str) -> tuple[GroundView, ...]:
    """Return today's grounds of an act: pause, stop or revoke."""
    return tuple(
        GroundView(
            code=one.code,
            label=one.label,
            label_en=one.label_en,
            source=one.source,
            unverified=one.unverified,
        )
        for one in dictionary.codes(LISTS[act], clock.today())
    )


def chosen(*, act: str, code: str) -> Code:
    """Return the ground that was chosen for an act; raise Invalid for what is not declared."""
    found = dictionary.find_code(LISTS[act], code.strip(), clock.today())
    if found is None:
        raise Invalid(
            code="procedures.ground_unknown",
            what="Chưa thực hiện được.",
            why="Việc này chỉ được làm theo một căn cứ đã khai báo và đang có hiệu lực.",
            mend="Hãy chọn căn cứ trong danh sách.",
            problems=(Problem(field="ground", say="Hãy chọn căn cứ."),),
        )
    return found
