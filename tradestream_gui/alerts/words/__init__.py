"""What a message says, as typed words: clean text, tokens, lexicon, symbols, pieces."""
