"""Stands for an SMS gateway and a mail server; shows what they received on a page."""
