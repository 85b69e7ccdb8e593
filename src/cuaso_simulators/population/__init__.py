"""Stands for the national population database: invented people over HTTP."""
