"""Statements: who said what, how, to whom, through which outlet; and the chain of sources behind every item."""
