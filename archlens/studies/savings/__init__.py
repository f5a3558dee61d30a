"""What classic building blocks save: closed forms beside the same networks, instantiated and counted.

A saving is a YAML file in `entries`: its settings, its networks in the spec language, its formulas.
"""
