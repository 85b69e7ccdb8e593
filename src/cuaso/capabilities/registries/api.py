"""The registries' only door: declared databases, their records and what they were."""

from cuaso.capabilities.registries.logic.changing.add import add
from cuaso.capabilities.registries.logic.changing.add_many import add_many
from cuaso.capabilities.registries.logic.changing.amend import amend, move
from cuaso.capabilities.registries.logic.changing.drafts import drop_draft, save_draft
from cuaso.capabilities.registries.logic.changing.enact import (
    enact,
    named,
    require_step,
    retract,
)
from cuaso.capabilities.registries.logic.changing.enrolling import enrol, own_form, own_offers
from cuaso.capabilities.registries.logic.changing.foresee import foresee
from cuaso.capabilities.registries.logic.changing.foreseen import FieldForeseen, Foreseen
from cuaso.capabilities.registries.logic.changing.forms import (
    clashes,
    form,
    move_form,
    one_input,
    settled,
    suggestions,
)
from cuaso.capabilities.registries.logic.changing.kept_views import (
    drop_view,
    save_view,
    saved_views,
)
from cuaso.capabilities.registries.logic.changing.many import amend_many
from cuaso.capabilities.registries.logic.changing.recomputing import recompute_due
from cuaso.capabilities.registries.logic.changing.remove import bring_back, empty_bins, remove
from cuaso.capabilities.registries.logic.changing.repeating import answered, once
from cuaso.capabilities.registries.logic.changing.undo import undo
from cuaso.capabilities.registries.logic.designing.bins import bin_of
from cuaso.capabilities.registries.logic.designing.deciding import (
    approve_design,
    drop_design,
    send_back_design,
    submit_design,
)
from cuaso.capabilities.registries.logic.designing.drafting import (
    begin_design,
    begin_registry,
    edit_design,
    replace_values,
    save_design,
)
from cuaso.capabilities.registries.logic.designing.exporting import export_registry
from cuaso.capabilities.registries.logic.designing.forming import design_form, survey_form
from cuaso.capabilities.registries.logic.designing.impact import preview_design, try_rule
from cuaso.capabilities.registries.logic.designing.recomputed import recomputed
from cuaso.capabilities.registries.logic.designing.surveying import begin_from_form, read_form
from cuaso.capabilities.registries.logic.designing.versions import design, designed, designs
from cuaso.capabilities.registries.logic.designing.withdrawing import (
    bring_registry_back,
    withdraw,
    withdrawn,
)
from cuaso.capabilities.registries.logic.exchanging.exports import export
from cuaso.capabilities.registries.logic.exchanging.imports import (
    apply_sheet,
    forget_mapping,
    map_sheet,
    read_sheet,
    sheet,
    sheet_answer,
    sheets,
)
from cuaso.capabilities.registries.logic.exchanging.samples import fill_samples, keys_in_order
from cuaso.capabilities.registries.logic.exchanging.templates import template
from cuaso.capabilities.registries.logic.feeding.officials import (
    all_told,
    decisions_of,
    is_told,
    keeps_whole,
    official_file,
    officials_of,
    told,
    told_of,
    told_registries,
)
from cuaso.capabilities.registries.logic.printing.filed import filed_paper
from cuaso.capabilities.registries.logic.printing.papers import draw_paper, papers_of, print_again
from cuaso.capabilities.registries.logic.printing.printed import print_register
from cuaso.capabilities.registries.logic.printing.signing import (
    revoke_paper,
    seal_paper,
    sign_paper,
)
from cuaso.capabilities.registries.logic.printing.trial import paper_troubles
from cuaso.capabilities.registries.logic.seeing.decisions import decision, why_seen
from cuaso.capabilities.registries.logic.seeing.facets import facets
from cuaso.capabilities.registries.logic.seeing.feed import feed
from cuaso.capabilities.registries.logic.seeing.figures import figure
from cuaso.capabilities.registries.logic.seeing.history import history
from cuaso.capabilities.registries.logic.seeing.lists import list_records, list_values
from cuaso.capabilities.registries.logic.seeing.named_files import named_files
from cuaso.capabilities.registries.logic.seeing.notices import notices_of
from cuaso.capabilities.registries.logic.seeing.open_data import (
    OpenKind,
    dataset,
    datasets,
    open_columns,
    open_file,
    open_stamp,
)
from cuaso.capabilities.registries.logic.seeing.outline import choices, outline
from cuaso.capabilities.registries.logic.seeing.own import own_looks, own_records
from cuaso.capabilities.registries.logic.seeing.pictures import board, calendar, map_of
from cuaso.capabilities.registries.logic.seeing.provenance import given_by
from cuaso.capabilities.registries.logic.seeing.purposes import open_for, require_purpose
from cuaso.capabilities.registries.logic.seeing.record_page import record_page
from cuaso.capabilities.registries.logic.seeing.records import known, record
from cuaso.capabilities.registries.logic.seeing.registries import registries, registry
from cuaso.capabilities.registries.logic.seeing.resting import bin_term, rests_until
from cuaso.capabilities.registries.logic.seeing.schemas import outlook, shape, shapes
from cuaso.capabilities.registries.logic.seeing.second_doors import guard_tables
from cuaso.capabilities.registries.logic.seeing.tiles import tile_of
from cuaso.capabilities.registries.logic.seeing.verify import (
    proof_of,
    verifiable,
    verify,
    verify_offer,
)
from cuaso.capabilities.registries.logic.seeing.waiting import waiting_for
from cuaso.capabilities.registries.logic.storing.publishing import (
    held_back,
    install,
    publish_due,
)

__all__ = [
    "FieldForeseen",
    "Foreseen",
    "OpenKind",
    "add",
    "add_many",
    "all_told",
    "amend",
    "amend_many",
    "answered",
    "apply_sheet",
    "approve_design",
    "begin_design",
    "begin_from_form",
    "begin_registry",
    "bin_of",
    "bin_term",
    "board",
    "bring_back",
    "bring_registry_back",
    "calendar",
    "choices",
    "clashes",
    "dataset",
    "datasets",
    "decision",
    "decisions_of",
    "design",
    "design_form",
    "designed",
    "designs",
    "draw_paper",
    "drop_design",
    "drop_draft",
    "drop_view",
    "edit_design",
    "empty_bins",
    "enact",
    "enrol",
    "export",
    "export_registry",
    "facets",
    "feed",
    "figure",
    "filed_paper",
    "fill_samples",
    "foresee",
    "forget_mapping",
    "form",
    "given_by",
    "guard_tables",
    "held_back",
    "history",
    "install",
    "is_told",
    "keeps_whole",
    "keys_in_order",
    "known",
    "list_records",
    "list_values",
    "map_of",
    "map_sheet",
    "move",
    "move_form",
    "named",
    "named_files",
    "notices_of",
    "official_file",
    "officials_of",
    "once",
    "one_input",
    "open_columns",
    "open_file",
    "open_for",
    "open_stamp",
    "outline",
    "outlook",
    "own_form",
    "own_looks",
    "own_offers",
    "own_records",
    "paper_troubles",
    "papers_of",
    "preview_design",
    "print_again",
    "print_register",
    "proof_of",
    "publish_due",
    "read_form",
    "read_sheet",
    "recompute_due",
    "recomputed",
    "record",
    "record_page",
    "registries",
    "registry",
    "remove",
    "replace_values",
    "require_purpose",
    "require_step",
    "rests_until",
    "retract",
    "revoke_paper",
    "save_design",
    "save_draft",
    "save_view",
    "saved_views",
    "seal_paper",
    "send_back_design",
    "settled",
    "shape",
    "shapes",
    "sheet",
    "sheet_answer",
    "sheets",
    "sign_paper",
    "submit_design",
    "suggestions",
    "survey_form",
    "template",
    "tile_of",
    "told",
    "told_of",
    "told_registries",
    "try_rule",
    "undo",
    "verifiable",
    "verify",
    "verify_offer",
    "waiting_for",
    "why_seen",
    "withdraw",
    "withdrawn",
]
