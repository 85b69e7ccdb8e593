"""Capabilities: what any service may use."""
