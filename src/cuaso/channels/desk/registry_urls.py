"""Addresses of declared registries: the shelf, one registry, one record, other ways to look."""

from django.urls import path

from cuaso.channels.desk.registries import (
    keeping,
    listing,
    many,
    moving,
    papers,
    pictures,
    reading,
    shelf,
    waiting,
    writing,
)

ONE = "so/<slug:pack>/<slug:name>/"
RECORD = ONE + "<uuid:record_id>/"
urlpatterns = [
    path("so/", shelf.shelf, name="registries"),
    path("so/cho-toi-xu-ly/", waiting.waiting, name="registries_waiting"),
    path(ONE, listing.registry, name="registry"),
    path(RECORD, reading.record, name="registry_record"),
    path(ONE + "muc-dich/", shelf.purpose, name="registry_purpose"),
    path(ONE + "them/", writing.add, name="registry_add"),
    path(ONE + "nhieu/", many.many, name="registry_many"),
    path(ONE + "nhieu/<uuid:act_id>/", many.done, name="registry_many_done"),
    path(ONE + "bo-loc/", keeping.save, name="registry_save_view"),
    path(ONE + "bo-loc/<uuid:view_id>/bo/", keeping.drop, name="registry_drop_view"),
    path(ONE + "lich/<slug:view>/", pictures.calendar, name="registry_calendar"),
    path(ONE + "bang/", pictures.board, name="registry_board"),
    path(ONE + "ban-do/<slug:view>/", pictures.map_page, name="registry_map"),
    path(ONE + "ban-do/<slug:view>/diem.json", pictures.map_data, name="registry_map_data"),
    path(
        ONE + "ban-do/<slug:view>/<int:zoom>/<int:column>/<int:row>.mvt",
        pictures.map_tile,
        name="registry_map_tile",
    ),
    path(ONE + "so-lieu/", pictures.figures, name="registry_figures"),
    path(ONE + "so-lieu/<slug:view>/", pictures.figures, name="registry_figure"),
    path(ONE + "in/<slug:view>/", pictures.printed, name="registry_print"),
    path(ONE + "hoan-tac/<uuid:change_id>/", reading.undo, name="registry_undo"),
    path(RECORD + "sua/", writing.change, name="registry_change"),
    path(RECORD + "chuyen/", moving.move, name="registry_move"),
    path(RECORD + "chuyen/<slug:step>/", moving.move_page, name="registry_move_page"),
    path(RECORD + "lap-giay/<slug:paper>/", papers.draw, name="registry_draw_paper"),
    path(RECORD + "giay/<uuid:paper_id>/", papers.paper, name="registry_paper"),
    path(RECORD + "giay/<uuid:paper_id>/ky/", papers.sign, name="registry_sign_paper"),
    path(RECORD + "giay/<uuid:paper_id>/dong-dau/", papers.seal, name="registry_seal_paper"),
    path(RECORD + "giay/<uuid:paper_id>/thu-hoi/", papers.revoke, name="registry_revoke_paper"),
    path(RECORD + "xoa/", reading.remove, name="registry_remove"),
    path(RECORD + "lay-lai/", reading.bring_back, name="registry_bring_back"),
    path(RECORD + "tep/<uuid:file_id>/", reading.record_file, name="registry_file"),
]
