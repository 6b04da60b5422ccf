"""How much memory a run will need and how long it will take, worked out from numbers alone before it is launched. No torch."""
