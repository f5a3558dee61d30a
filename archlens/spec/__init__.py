"""The spec language: YAML → Graph, in plain Python."""

from archlens.spec.catalog import find, model_names, parse_file, specs
from archlens.spec.items import Claim, Spec
from archlens.spec.loading import load
from archlens.spec.lower import lower

__all__ = ["Claim", "Spec", "find", "load", "lower", "model_names", "parse_file", "specs"]
