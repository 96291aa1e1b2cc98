"""Measuring records against gold annotations: numbers, confidence intervals, errors by kind."""
