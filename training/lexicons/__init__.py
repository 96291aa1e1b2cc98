"""One module per room: ``build()`` turns lexicon sources into what is compiled."""
