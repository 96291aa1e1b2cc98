"""Commitments: what is promised, demanded, expected or agreed, by whom, by when, on which condition, in which state."""
