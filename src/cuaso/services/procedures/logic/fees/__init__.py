"""Acts on a fee: ask for it, pay it, take cash."""
