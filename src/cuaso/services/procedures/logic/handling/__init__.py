"""Acts of those who handle a dossier: take it, give it on, consult, propose."""
