"""Judges: who says which of two answers is better. One protocol; both orders are always asked and averaged."""
