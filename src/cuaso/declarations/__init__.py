"""The language of packs: reads, checks and installs declarations; knows no engine."""
