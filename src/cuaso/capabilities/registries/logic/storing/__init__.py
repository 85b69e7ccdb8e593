"""A declaration becomes a table: columns, models of a moment, triggers, changes of shape."""
