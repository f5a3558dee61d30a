"""Samples → what they say: a summary, whether it can be believed, and which of two networks is faster."""
