"""The course of a dossier: its steps, its clock, and who may stand in for whom."""
