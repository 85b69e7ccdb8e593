from django.apps import AppConfig


class GeoConfig(AppConfig):
    name = "cuaso.capabilities.geo"
    label = "geo"
    default_auto_field = "django.db.models.BigAutoField"
