"""Channels: doors for people and machines."""
