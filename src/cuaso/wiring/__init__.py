"""Settings, urls, process entry points, and the one table that joins engines to packs."""
