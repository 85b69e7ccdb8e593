from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "cuaso.channels.design"
    label = "design"
