"""Cửa Số: the digital government of a Vietnamese province as one open product."""

__version__ = "0.1.0"
