"""Logs with a trace id, health, metrics."""
