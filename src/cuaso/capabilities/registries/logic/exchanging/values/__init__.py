"""From texts to values and back: cells, places, rules, read a column at a time."""
