from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "cuaso.capabilities.messages"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"
