"""How much memory a run will need, worked out from numbers alone before it is launched. No torch."""
