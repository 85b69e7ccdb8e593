"""The desk's addresses: Vietnamese without marks, below /ban-lam-viec/."""

from django.urls import path

from cuaso.channels.desk import (
    data_urls,
    personnel_urls,
    registry_design_urls,
    registry_sheets_urls,
    registry_urls,
)
from cuaso.channels.desk.views import (
    acting,
    administration,
    calendar,
    cash,
    complaints,
    counter,
    dossier,
    people,
    phrases,
    queue,
    registers,
    saved_views,
    signing,
)

app_name = "desk"
urlpatterns = [
    *data_urls.urlpatterns,
    *personnel_urls.urlpatterns,
    *registry_urls.urlpatterns,
    *registry_design_urls.urlpatterns,
    *registry_sheets_urls.urlpatterns,
    path("", queue.home, name="home"),
    path("nhan-viec/", queue.claim_many, name="claim_many"),
    path("bo-loc/", saved_views.save, name="save_view"),
    path("bo-loc/<uuid:view_id>/bo/", saved_views.drop, name="drop_view"),
    path("tiep-nhan/", counter.choose, name="counter"),
    path("tiep-nhan/xong/<uuid:dossier_id>/", counter.receipt, name="receipt"),
    path("tiep-nhan/<str:code>/", counter.walk_in, name="walk_in"),
    path("thu-tien/", cash.overview, name="cash"),
    path("thu-tien/chot/", cash.cash_up, name="cash_up"),
    path("thu-tien/hoan/<uuid:refund_id>/", cash.decide, name="cash_decide"),
    path("thu-tien/<uuid:dossier_id>/<uuid:obligation_id>/", cash.collect, name="cash_collect"),
    path(
        "thu-tien/<uuid:dossier_id>/<uuid:obligation_id>/bien-lai/",
        cash.receipt,
        name="cash_receipt",
    ),
    path(
        "thu-tien/<uuid:dossier_id>/<uuid:obligation_id>/bien-lai.pdf",
        cash.receipt_pdf,
        name="cash_receipt_pdf",
    ),
    path("thu-tien/<uuid:dossier_id>/<uuid:obligation_id>/hoan/", cash.refund, name="cash_refund"),
    path("ky/", signing.sign, name="sign"),
    path("so-theo-doi/", registers.register, name="register"),
    path("mau-cau/", phrases.phrases, name="phrases"),
    path("vang-mat/", people.absence, name="absence"),
    path("giao-lai/", people.reassign, name="reassign"),
    path("phan-anh/", complaints.overview, name="complaints"),
    path("phan-anh/<uuid:complaint_id>/", complaints.answer, name="complaint"),
    path("quan-tri/", administration.overview, name="admin"),
    path("quan-tri/lich/", calendar.calendar, name="calendar"),
    path("ho-so/<uuid:dossier_id>/", dossier.dossier, name="dossier"),
    path("ho-so/<uuid:dossier_id>/duong-di/", dossier.flow, name="flow"),
    path("ho-so/<uuid:dossier_id>/giay-to/<uuid:paper_id>/", dossier.paper, name="paper"),
    path("ho-so/<uuid:dossier_id>/du-thao.pdf", dossier.draft_result, name="draft_result"),
    path("ho-so/<uuid:dossier_id>/ket-qua.pdf", dossier.result, name="result"),
    path(
        "ho-so/<uuid:dossier_id>/ket-qua/<uuid:replaced_id>.pdf",
        dossier.earlier_result,
        name="earlier_result",
    ),
    path("ho-so/<uuid:dossier_id>/mau/<slug:form>.pdf", dossier.form, name="form"),
    path("ho-so/<uuid:dossier_id>/viec/<slug:slug>/", acting.act, name="act"),
]
