"""The addresses of the decision point."""

from django.urls import path

from cuaso.channels.rest.authzen import views

app_name = "authzen"
urlpatterns = [
    path("access/v1/evaluation", views.evaluation, name="evaluation"),
    path("access/v1/evaluations", views.evaluations, name="evaluations"),
    path("access/v1/rules/<str:kind>", views.rules, name="rules"),
    path(".well-known/authzen-configuration", views.configuration, name="configuration"),
]
