from django.apps import AppConfig


class LockerConfig(AppConfig):
    name = "cuaso.services.locker"
    label = "locker"
    default_auto_field = "django.db.models.BigAutoField"
