"""Tests of the savings."""
