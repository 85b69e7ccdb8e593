"""Telling the applicant and other systems what has become of a dossier."""
