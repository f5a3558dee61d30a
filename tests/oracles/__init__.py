"""Brute-force oracles: every count found by doing the work, element by element, and noting it down.

They know no formula and nothing of archlens. Only `example` imports it, to compare.
"""
