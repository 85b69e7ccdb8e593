"""Stands for the National Public Service Portal: hands dossiers in, takes statuses and results."""
