"""The door of procedures. Every act is one function that names its actor and its refusals."""

from cuaso.services.procedures.act_contracts import (
    CopyView,
    LimitCaseView,
    PhoneAsk,
    PhonePaper,
    RecordForeseen,
    Standing,
    SupplementView,
)
from cuaso.services.procedures.acts import ACTS
from cuaso.services.procedures.logic.applying.drafts import (
    attach,
    attach_from_locker,
    change_group,
    detach,
    draft,
    drafts,
    drop_draft,
    keep_paper,
    keep_values,
    prefill,
    save_draft,
    start_draft,
)
from cuaso.services.procedures.logic.applying.submit import submit
from cuaso.services.procedures.logic.clock.change_case import change_case, limit_cases
from cuaso.services.procedures.logic.clock.extend import extend
from cuaso.services.procedures.logic.clock.pause import pause, resume
from cuaso.services.procedures.logic.clock.stop import stop
from cuaso.services.procedures.logic.clock.withdraw import withdraw
from cuaso.services.procedures.logic.course.deputies import (
    absentees,
    deputies,
    deputy_roles,
    end_deputy,
    possible_deputies,
    set_deputy,
)
from cuaso.services.procedures.logic.course.grounds import grounds
from cuaso.services.procedures.logic.deciding.approve import approve, approve_many
from cuaso.services.procedures.logic.deciding.copy_result import (
    copies,
    copy_content,
    copy_result,
    may_copy,
)
from cuaso.services.procedures.logic.deciding.correct_result import correct_result
from cuaso.services.procedures.logic.deciding.deliver import deliver
from cuaso.services.procedures.logic.deciding.edit_draft import edit_draft
from cuaso.services.procedures.logic.deciding.endorse import endorse
from cuaso.services.procedures.logic.deciding.phone import (
    ask_phone,
    draft_picture,
    phone_ask,
    phone_asks,
    signs_on_phone,
)
from cuaso.services.procedures.logic.deciding.revoke_result import revoke_result
from cuaso.services.procedures.logic.deciding.seal import seal
from cuaso.services.procedures.logic.desk.correcting import correction_form
from cuaso.services.procedures.logic.desk.receive import receive
from cuaso.services.procedures.logic.desk.refuse import refuse
from cuaso.services.procedures.logic.desk.supplement import ask_supplement, supplement
from cuaso.services.procedures.logic.desk.walk_in import receive_walk_in, walk_in_form
from cuaso.services.procedures.logic.fees.ask_payment import ask_payment
from cuaso.services.procedures.logic.fees.collect_fee import (
    collect_fee,
    decide_refund,
    fees_at_desk,
    refund_fee,
    refunds_at_desk,
    waive_fee,
)
from cuaso.services.procedures.logic.fees.fee_receipt import fee_receipt_content
from cuaso.services.procedures.logic.fees.pay_fee import fees, pay_fee
from cuaso.services.procedures.logic.handling.assign import assign, claim, colleagues
from cuaso.services.procedures.logic.handling.consult import (
    answer_consultation,
    consult,
    consultable_agencies,
)
from cuaso.services.procedures.logic.handling.delegate import delegate
from cuaso.services.procedures.logic.handling.opinion import give_opinion
from cuaso.services.procedures.logic.handling.personal_number import (
    note_personal_number,
    obtain_personal_number,
)
from cuaso.services.procedures.logic.handling.propose import (
    confirm_draft,
    propose,
    return_to_handler,
)
from cuaso.services.procedures.logic.handling.reassign import reassign, reassignable
from cuaso.services.procedures.logic.handling.transfer import hand_back, transfer, transferable
from cuaso.services.procedures.logic.matter.catalogue import (
    Surroundings,
    fields,
    install,
    life_events,
    procedure,
    search,
    tally,
    unverified,
)
from cuaso.services.procedures.logic.matter.samples import sample_values
from cuaso.services.procedures.logic.matter.writing_into import users_of_registry
from cuaso.services.procedures.logic.seeing.affair import Affair, affair, rule
from cuaso.services.procedures.logic.seeing.old_places import (
    OLD_PLACE,
    LookedPlace,
    resolve_old_places,
)
from cuaso.services.procedures.logic.seeing.papers import named_files
from cuaso.services.procedures.logic.seeing.proving import prove_act
from cuaso.services.procedures.logic.seeing.queue import my_dossiers, queue, work_to_give
from cuaso.services.procedures.logic.seeing.reading import (
    dossier,
    draft_result_content,
    earlier_result_content,
    form_content,
    paper_content,
    result_content,
    result_values,
)
from cuaso.services.procedures.logic.seeing.track import track
from cuaso.services.procedures.logic.sheets.register import register_agencies, register_content
from cuaso.services.procedures.logic.telling.foresee_records import records_foreseen
from cuaso.services.procedures.logic.telling.note_sync import note_sync
from cuaso.services.procedures.logic.telling.sync_facts import sync_facts

__all__ = [
    "ACTS",
    "OLD_PLACE",
    "Affair",
    "CopyView",
    "LimitCaseView",
    "LookedPlace",
    "PhoneAsk",
    "PhonePaper",
    "RecordForeseen",
    "Standing",
    "SupplementView",
    "Surroundings",
    "absentees",
    "affair",
    "answer_consultation",
    "approve",
    "approve_many",
    "ask_payment",
    "ask_phone",
    "ask_supplement",
    "assign",
    "attach",
    "attach_from_locker",
    "change_case",
    "change_group",
    "claim",
    "colleagues",
    "collect_fee",
    "confirm_draft",
    "consult",
    "consultable_agencies",
    "copies",
    "copy_content",
    "copy_result",
    "correct_result",
    "correction_form",
    "decide_refund",
    "delegate",
    "deliver",
    "deputies",
    "deputy_roles",
    "detach",
    "dossier",
    "draft",
    "draft_picture",
    "draft_result_content",
    "drafts",
    "drop_draft",
    "earlier_result_content",
    "edit_draft",
    "end_deputy",
    "endorse",
    "extend",
    "fee_receipt_content",
    "fees",
    "fees_at_desk",
    "fields",
    "form_content",
    "give_opinion",
    "grounds",
    "hand_back",
    "install",
    "keep_paper",
    "keep_values",
    "life_events",
    "limit_cases",
    "may_copy",
    "my_dossiers",
    "named_files",
    "note_personal_number",
    "note_sync",
    "obtain_personal_number",
    "paper_content",
    "pause",
    "pay_fee",
    "phone_ask",
    "phone_asks",
    "possible_deputies",
    "prefill",
    "procedure",
    "propose",
    "prove_act",
    "queue",
    "reassign",
    "reassignable",
    "receive",
    "receive_walk_in",
    "records_foreseen",
    "refund_fee",
    "refunds_at_desk",
    "refuse",
    "register_agencies",
    "register_content",
    "resolve_old_places",
    "result_content",
    "result_values",
    "resume",
    "return_to_handler",
    "revoke_result",
    "rule",
    "sample_values",
    "save_draft",
    "seal",
    "search",
    "set_deputy",
    "signs_on_phone",
    "start_draft",
    "stop",
    "submit",
    "supplement",
    "sync_facts",
    "tally",
    "track",
    "transfer",
    "transferable",
    "unverified",
    "users_of_registry",
    "waive_fee",
    "walk_in_form",
    "withdraw",
    "work_to_give",
]
