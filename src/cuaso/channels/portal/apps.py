from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "cuaso.channels.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
