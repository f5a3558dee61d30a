"""Tests of the operators, a file for each file of archlens/ops."""
