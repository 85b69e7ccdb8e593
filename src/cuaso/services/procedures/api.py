"""The door of procedures. Every act is one function that names its actor and its refusals."""

from cuaso.services.procedures.logic.approve import approve, approve_many
from cuaso.services.procedures.logic.assign import assign, claim, colleagues
from cuaso.services.procedures.logic.catalogue import (
    Surroundings,
    fields,
    install,
    life_events,
    procedure,
    search,
    unverified,
)
from cuaso.services.procedures.logic.consult import (
    answer_consultation,
    consult,
    consultable_agencies,
)
from cuaso.services.procedures.logic.deliver import deliver
from cuaso.services.procedures.logic.drafts import (
    attach,
    attach_from_locker,
    change_group,
    detach,
    draft,
    drafts,
    drop_draft,
    prefill,
    save_draft,
    start_draft,
)
from cuaso.services.procedures.logic.opinion import give_opinion
from cuaso.services.procedures.logic.personal_number import (
    note_personal_number,
    obtain_personal_number,
)
from cuaso.services.procedures.logic.propose import confirm_draft, propose, return_to_handler
from cuaso.services.procedures.logic.queue import my_dossiers, queue
from cuaso.services.procedures.logic.reading import (
    dossier,
    draft_result_content,
    form_content,
    paper_content,
    result_content,
)
from cuaso.services.procedures.logic.receive import receive
from cuaso.services.procedures.logic.refuse import refuse
from cuaso.services.procedures.logic.samples import sample_values
from cuaso.services.procedures.logic.seal import seal
from cuaso.services.procedures.logic.submit import submit
from cuaso.services.procedures.logic.supplement import ask_supplement, supplement
from cuaso.services.procedures.logic.track import track
from cuaso.services.procedures.logic.walk_in import receive_walk_in, walk_in_form
from cuaso.services.procedures.logic.withdraw import withdraw

__all__ = [
    "Surroundings",
    "answer_consultation",
    "approve",
    "approve_many",
    "ask_supplement",
    "assign",
    "attach",
    "attach_from_locker",
    "change_group",
    "claim",
    "colleagues",
    "confirm_draft",
    "consult",
    "consultable_agencies",
    "deliver",
    "detach",
    "dossier",
    "draft",
    "draft_result_content",
    "drafts",
    "drop_draft",
    "fields",
    "form_content",
    "give_opinion",
    "install",
    "life_events",
    "my_dossiers",
    "note_personal_number",
    "obtain_personal_number",
    "paper_content",
    "prefill",
    "procedure",
    "propose",
    "queue",
    "receive",
    "receive_walk_in",
    "refuse",
    "result_content",
    "return_to_handler",
    "sample_values",
    "save_draft",
    "seal",
    "search",
    "start_draft",
    "submit",
    "supplement",
    "track",
    "unverified",
    "walk_in_form",
    "withdraw",
]
