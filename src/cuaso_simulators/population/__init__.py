"""Stands for the national registers of people and of businesses: invented ones over HTTP."""
