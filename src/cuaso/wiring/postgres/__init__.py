"""The private PostgreSQL cluster: binaries, life cycle, roles. Knows no Django."""
