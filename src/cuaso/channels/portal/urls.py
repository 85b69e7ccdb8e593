"""The portal's addresses: Vietnamese without marks."""

from django.urls import path

from cuaso.channels.portal.views import (
    applying,
    checking,
    complaining,
    finding,
    following,
    keeping,
    opendata,
    own_data,
    paying,
    places,
    proving,
    rating,
)

app_name = "portal"
urlpatterns = [
    path("", finding.home, name="home"),
    path("thu-tuc/", finding.find, name="find"),
    path("thu-tuc/<str:code>/", finding.procedure, name="procedure"),
    path("nop/<str:code>/", applying.start, name="start"),
    path("ban-nhap/<uuid:draft_id>/", applying.draft, name="draft"),
    path("ban-nhap/<uuid:draft_id>/giay-to/", applying.papers, name="papers"),
    path("ban-nhap/<uuid:draft_id>/xem-lai/", applying.review, name="review"),
    path("ho-so/", following.my_dossiers, name="my_dossiers"),
    path("ho-so/<str:tracking>/", following.dossier, name="dossier"),
    path(
        "ho-so/<str:tracking>/giay-to/<uuid:paper_id>/",
        following.dossier_paper,
        name="dossier_paper",
    ),
    path("ho-so/<str:tracking>/du-thao.pdf", following.draft_result, name="draft_result"),
    path("ho-so/<str:tracking>/mau/<slug:form>.pdf", following.form, name="form"),
    path("ho-so/<str:tracking>/bo-sung/", following.supplement, name="supplement"),
    path("ho-so/<str:tracking>/ban-thao/", following.confirm, name="confirm"),
    path("ho-so/<str:tracking>/nop-phi/", paying.pay, name="pay"),
    path("ho-so/<str:tracking>/nop-phi/tinh-trang/", paying.paid, name="paid"),
    path(
        "ho-so/<str:tracking>/nop-phi/bien-lai/<uuid:obligation_id>.pdf",
        paying.receipt,
        name="fee_receipt",
    ),
    path("ho-so/<str:tracking>/rut/", following.withdraw, name="withdraw"),
    path("ho-so/<str:tracking>/danh-gia/", rating.rate, name="rate"),
    path("ho-so/<str:tracking>/phan-anh/", complaining.complain, name="complain"),
    path("danh-gia/<str:token>/", rating.rate_by_link, name="rate_by_link"),
    path("kho/", keeping.papers, name="locker"),
    path("kho/<uuid:paper_id>/", keeping.paper, name="paper"),
    path("kho/<uuid:paper_id>/tai-ve/", keeping.paper_content, name="paper_content"),
    path("kho/<uuid:paper_id>/dong/<uuid:share_id>/", keeping.close_share, name="share_close"),
    path("ai-da-xem/", keeping.looks, name="looks"),
    path("chia-se/<str:token>/", keeping.shared, name="shared"),
    path("chia-se/<str:token>/tai-ve/", keeping.shared_content, name="shared_content"),
    path("tra-cuu/", checking.look_up, name="look_up"),
    path("tra-cuu/dia-chi-cu/", places.old_address, name="old_address"),
    path("xac-minh/", checking.verify, name="verify"),
    path("xac-minh/so/", proving.papers, name="verify_registries"),
    path("xac-minh/so/<slug:pack>/<slug:name>/", proving.paper, name="verify_registry"),
    path("xac-minh/<str:code>/", checking.verify, name="verify_code"),
    path("du-lieu-ve-toi/", own_data.shelf, name="own_data"),
    path(
        "du-lieu-ve-toi/<slug:pack>/<slug:name>/<uuid:record_id>/",
        own_data.record,
        name="own_record",
    ),
    path("du-lieu-ve-toi/<slug:pack>/<slug:name>/dang-ky/", own_data.enrol, name="enrol"),
    path("du-lieu-mo/", opendata.shelf, name="open_data"),
    path("du-lieu-mo/danh-muc.jsonld", opendata.catalogue, name="open_data_catalogue"),
    path("du-lieu-mo/<slug:pack>/<slug:name>/", opendata.dataset, name="dataset"),
    path("du-lieu-mo/<slug:pack>/<slug:name>/du-lieu.csv", opendata.csv_file, name="dataset_csv"),
    path(
        "du-lieu-mo/<slug:pack>/<slug:name>/du-lieu.json", opendata.json_file, name="dataset_json"
    ),
    path(
        "du-lieu-mo/<slug:pack>/<slug:name>/datapackage.json",
        opendata.package,
        name="dataset_package",
    ),
    path("dieu-khoan/tro-giup/", checking.helping, name="help"),
]
