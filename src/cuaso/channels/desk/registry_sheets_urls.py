"""Addresses of a registry's sheets: template, import, export."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from cuaso.channels.desk import registry_sheets


class SheetKind(StringConverter):
    """What a sheet is written as."""

    regex = "xlsx|csv"


register_converter(SheetKind, "sheet_kind")
ONE = "so/<slug:pack>/<slug:name>/"
SHEETS = ONE + "bang-tinh/"
urlpatterns = [
    path(SHEETS, registry_sheets.sheets, name="registry_import"),
    path(SHEETS + "bieu-mau.xlsx", registry_sheets.survey_form, name="registry_survey_form"),
    path(SHEETS + "mau.<sheet_kind:kind>", registry_sheets.template, name="registry_template"),
    path(SHEETS + "<uuid:batch_id>/", registry_sheets.sheet, name="registry_sheet"),
    path(SHEETS + "<uuid:batch_id>/loi.xlsx", registry_sheets.answer, name="registry_answer"),
    path(ONE + "xuat/", registry_sheets.export, name="registry_export"),
]
