"""Model references → graphs: the same words find the same network on the command line and in Python.

`archlens.spec.reference` says which words there are; here each of them finds its network.
"""
