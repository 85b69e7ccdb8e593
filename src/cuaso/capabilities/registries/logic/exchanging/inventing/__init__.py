"""What makes invented records hold together: lines of a pack, persons, places."""
