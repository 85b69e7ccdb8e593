"""Acts on the clock: extend, pause, stop, withdraw, apologise."""
