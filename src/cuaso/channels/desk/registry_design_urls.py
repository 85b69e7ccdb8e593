"""Addresses of designing registries: versions in the making, their fields, rules, lists, text."""

from django.urls import path

from cuaso.channels.desk import (
    registry_design,
    registry_design_bins,
    registry_design_forms,
    registry_design_parts,
)

ROOT = "thiet-ke-so/"
ONE = ROOT + "<uuid:version_id>/"
BIN = ROOT + "thung-rac/<slug:pack>/<slug:name>/"
urlpatterns = [
    path(ROOT, registry_design.shelf, name="designs"),
    path(ROOT + "moi/", registry_design.new, name="design_new"),
    path(ROOT + "tu-bieu-mau/", registry_design_forms.from_form, name="design_from_form"),
    path(ROOT + "bat-dau/", registry_design.begin, name="design_begin"),
    path(ROOT + "lay-lai/", registry_design_bins.bring_back, name="design_bring_back"),
    path(BIN, registry_design_bins.bin_, name="design_bin"),
    path(BIN + "bo-so/", registry_design_bins.withdraw, name="design_withdraw"),
    path(ONE, registry_design.version, name="design"),
    path(ONE + "tu-bieu-mau/", registry_design_forms.told, name="design_from_form_told"),
    path(ONE + "tac-dong/", registry_design.impact, name="design_impact"),
    path(ONE + "thay-gia-tri/", registry_design_bins.replace_values, name="design_replace"),
    path(ONE + "khai-bao/", registry_design.text, name="design_text"),
    path(ONE + "khai-bao.yaml", registry_design.download, name="design_download"),
    path(ONE + "bieu-mau.xlsx", registry_design.form, name="design_form"),
    path(ONE + "sua/", registry_design_parts.piece, name="design_piece"),
    path(ONE + "ten/", registry_design_parts.words, name="design_words"),
    path(ONE + "o/", registry_design_parts.field, name="design_new_field"),
    path(ONE + "o/<slug:name>/", registry_design_parts.field, name="design_field"),
    path(ONE + "luat/", registry_design_parts.rule, name="design_new_rule"),
    path(ONE + "luat/<slug:name>/", registry_design_parts.rule, name="design_rule"),
    path(ONE + "danh-sach/", registry_design_parts.list_of, name="design_new_list"),
    path(ONE + "danh-sach/<slug:name>/", registry_design_parts.list_of, name="design_list"),
]
