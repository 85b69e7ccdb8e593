"""Registers on paper, in the layout of decree 30/2020/NĐ-CP."""
