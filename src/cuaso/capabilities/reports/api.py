"""The only door of reports: papers as PDF, a page as a picture, and QR codes."""

from cuaso.capabilities.reports.logic.picture import page_picture
from cuaso.capabilities.reports.logic.qr import qr_png, qr_svg
from cuaso.capabilities.reports.logic.render import render

__all__ = ["page_picture", "qr_png", "qr_svg", "render"]
