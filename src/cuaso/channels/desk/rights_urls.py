"""Addresses of rights for a time, of who may sign for whom, and of why somebody may see a thing."""

from django.urls import path

from cuaso.channels.desk.views import mandates, rights, why

urlpatterns = [
    path("quyen/", rights.rights, name="rights"),
    path("quyen/dung/", rights.use, name="use_right"),
    path("quyen/vi-sao/", why.why, name="why"),
    path("quyen/ky/", mandates.mandates, name="mandates"),
]
