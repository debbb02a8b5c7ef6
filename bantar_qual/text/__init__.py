"""Text: cleaned once, cut into turns, sentences and words, never changed afterwards."""
