"""A registry is changed while it works: drafted, foreseen, approved, then published."""
