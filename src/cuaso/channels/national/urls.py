"""The addresses for the National Public Service Portal, below /lien-thong/quoc-gia/."""

from django.urls import path

from cuaso.channels.national import views

app_name = "national"
urlpatterns = [
    path("ho-so", views.submit, name="submit"),
    path("ho-so/<str:code>/bo-sung", views.supplement, name="supplement"),
    path("ho-so/<str:code>/nop-phi", views.fee, name="fee"),
    path("ho-so/<str:code>/hoan-phi", views.refund, name="refund"),
    path("ho-so/<str:code>/rut", views.withdraw, name="withdraw"),
]
