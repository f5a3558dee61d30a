"""Tests of the analyses: worked examples by hand, and what must hold for every network."""
