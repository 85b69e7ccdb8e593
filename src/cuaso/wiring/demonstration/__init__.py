"""Invented dossiers for a first look: a seeded plan, told act by act through the engines' doors."""
