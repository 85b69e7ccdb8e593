"""What runs as a process of the house: Django is up before a module of this folder is read."""

import django

django.setup()
