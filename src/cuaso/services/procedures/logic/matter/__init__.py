"""What a procedure declares, and the words and codes of a dossier."""
