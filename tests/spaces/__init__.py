"""Tests of design spaces: a variant costs what `profile` and `predict` say of its graph."""
