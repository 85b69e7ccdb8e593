"""What a reader sees: one dossier, lists of dossiers, which acts stand open."""
