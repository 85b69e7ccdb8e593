"""Readers of the flattened columns of a published procedure. Pure functions; no Django."""
