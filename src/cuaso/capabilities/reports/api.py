"""The only door of reports: papers as PDF, and QR codes."""

from cuaso.capabilities.reports.logic.qr import qr_png, qr_svg
from cuaso.capabilities.reports.logic.render import render

__all__ = ["qr_png", "qr_svg", "render"]
