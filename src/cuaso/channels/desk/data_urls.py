"""Addresses of the province's data: the dictionary, the plan, the register of applications."""

from django.urls import path

from cuaso.channels.desk.views import applications, data_plan, dictionary

urlpatterns = [
    path("tu-dien/", dictionary.overview, name="dictionary"),
    path("tu-dien/chua-gan/", dictionary.unmapped, name="unmapped"),
    path("tu-dien/phan-tu/<str:key>/", dictionary.element, name="element"),
    path("tu-dien/danh-muc/<slug:list_id>/", dictionary.code_list, name="code_list"),
    path("tu-dien/xuat/<slug:form>/", dictionary.export, name="dictionary_export"),
    path("quy-hoach-du-lieu/", data_plan.overview, name="data_plan"),
    path(
        "quy-hoach-du-lieu/quy-hoach.xlsx", data_plan.download, {"kind": "xlsx"}, name="plan_xlsx"
    ),
    path("quy-hoach-du-lieu/quy-hoach.pdf", data_plan.download, {"kind": "pdf"}, name="plan_pdf"),
    path("ung-dung/", applications.overview, name="applications"),
    path("ung-dung/dang-ky/", applications.register, name="register_application"),
    path("ung-dung/<uuid:application_id>/", applications.application, name="application"),
]
