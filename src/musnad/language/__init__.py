"""Letters and offsets, sentences, tokens with clitics, lemmas, names: what each word is."""
