"""What a dossier has beside it, asked in one question: most dossiers have next to nothing."""

from typing import Final, LiteralString

from cuaso.foundation.audit import api as audit
from cuaso.services.procedures.models import Dossier

_ASKED: Final[LiteralString] = """
select array_remove(array[
  case when exists (select from procedures_paper where dossier_id = d.id) then 'papers' end,
  case when exists (select from procedures_opinion where dossier_id = d.id) then 'opinions' end,
  case when exists (select from procedures_consultation where dossier_id = d.id)
    then 'consultations' end,
  case when exists (select from procedures_supplementrequest where dossier_id = d.id)
    then 'supplements' end,
  case when exists (select from procedures_result where dossier_id = d.id) then 'result' end,
  case when exists (select from procedures_apology where dossier_id = d.id) then 'apologies' end,
  case when exists (select from procedures_pause where dossier_id = d.id) then 'pauses' end,
  case when exists (select from procedures_casechange where dossier_id = d.id) then 'cases' end,
  case when exists (select from procedures_stop where dossier_id = d.id) then 'stop' end,
  case when exists (select from procedures_transfer where dossier_id = d.id) then 'transfers' end,
  case when exists (select from procedures_replacedresult where dossier_id = d.id)
    then 'replaced' end
], null) from (select %s::uuid as id) as d
"""


def left_by(dossier: Dossier) -> frozenset[str]:
    """Return the names of the tables beside the dossier that have a row of it."""
    with audit.planned() as cursor:
        cursor.execute(_ASKED, [dossier.id])
        (found,) = cursor.fetchone()
    return frozenset(found)
