"""Tests of the passes: graphs folded by hand, and what must hold for every network."""
