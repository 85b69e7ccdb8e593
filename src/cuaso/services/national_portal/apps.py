from django.apps import AppConfig


class NationalPortalConfig(AppConfig):
    name = "cuaso.services.national_portal"
    label = "national_portal"
    default_auto_field = "django.db.models.BigAutoField"
