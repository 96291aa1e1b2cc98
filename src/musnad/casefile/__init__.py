"""The case file: many articles, their records, what is the same across them, and what people decided."""
