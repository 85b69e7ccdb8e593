"""Acts on records. Each stands in one change, which names who, when, why and from where."""
