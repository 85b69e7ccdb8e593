"""The desk's addresses: Vietnamese without marks, below /ban-lam-viec/."""

from django.urls import path

from cuaso.channels.desk.views import acting, administration, counter, dossier, queue, signing

app_name = "desk"
urlpatterns = [
    path("", queue.home, name="home"),
    path("nhan-viec/", queue.claim_many, name="claim_many"),
    path("tiep-nhan/", counter.choose, name="counter"),
    path("tiep-nhan/xong/<uuid:dossier_id>/", counter.receipt, name="receipt"),
    path("tiep-nhan/<str:code>/", counter.walk_in, name="walk_in"),
    path("ky/", signing.sign, name="sign"),
    path("quan-tri/", administration.overview, name="admin"),
    path("ho-so/<uuid:dossier_id>/", dossier.dossier, name="dossier"),
    path("ho-so/<uuid:dossier_id>/duong-di/", dossier.flow, name="flow"),
    path("ho-so/<uuid:dossier_id>/giay-to/<uuid:paper_id>/", dossier.paper, name="paper"),
    path("ho-so/<uuid:dossier_id>/du-thao.pdf", dossier.draft_result, name="draft_result"),
    path("ho-so/<uuid:dossier_id>/ket-qua.pdf", dossier.result, name="result"),
    path("ho-so/<uuid:dossier_id>/mau/<slug:form>.pdf", dossier.form, name="form"),
    path("ho-so/<uuid:dossier_id>/viec/<slug:slug>/", acting.act, name="act"),
]
