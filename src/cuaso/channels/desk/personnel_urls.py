"""Addresses of joiners, movers and leavers, and of the national database of officials."""

from django.urls import path

from cuaso.channels.desk.views import personnel

urlpatterns = [
    path("nhan-su/", personnel.comings, name="personnel"),
    path("nhan-su/doi-soat/", personnel.abroad, name="officials_abroad"),
]
