"""Design spaces: a spec under many settings, and what each variant costs."""

from archlens.spaces.evaluate import Evaluator

__all__ = ["Evaluator"]
