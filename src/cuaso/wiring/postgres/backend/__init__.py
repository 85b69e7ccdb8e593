"""Django's own backend of PostgreSQL, which reads moments without Python's help."""
