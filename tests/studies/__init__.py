"""Tests of what papers and other counters say, beside ours."""
