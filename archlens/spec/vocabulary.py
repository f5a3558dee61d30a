"""The words of the spec language."""

from collections.abc import Iterable, Mapping

from archlens.errors import nearest
from archlens.ops import OPERATORS, Op

__all__ = ["CALLABLE", "JOINS", "METRICS", "OPTION_WORDS", "PAPER", "STRUCTURE", "mismatch"]

TOP = (
    "extends", "family", "title", "paper", "input", "settings", "variants", "aliases", "accuracy", "claims",
    "blocks", "network", "replace",
)  # fmt: skip
PAPER = ("arxiv", "doi", "year", "title", "authors", "venue", "url")
METRICS = ("params", "multiply_adds", "activations", "layers", "receptive_field", "peak_activations")
SETTING = ("default", "about", "choices", "type", "range", "length")
ACCURACY = ("variant", "top1", "where")
CLAIM = ("variant", "row", *METRICS, "counted", "where", "why", "open")

JOINS: Mapping[str, type[Op]] = {
    kind: op for kind, op in OPERATORS.items() if op.arity is None or op.arity > 1
}
"""Operators over several tensors take branches: they are structure, not calls."""
STRUCTURE = (
    "name",
    "do",
    "each",
    "let",
    "if",
    "then",
    "else",
    *JOINS,
    "split",
    "use",
    "with",
    "tap",
    "from",
    "require",
)
CALLABLE: Mapping[str, type[Op]] = {
    kind: op for kind, op in OPERATORS.items() if kind not in {"input", "split", *JOINS}
}
"""Operators that an item calls by name."""
SIGNATURES = {kind: op.parameters() for kind, op in CALLABLE.items()}
"""Their attributes, each with whether it must be given."""
OPTION_WORDS = frozenset[str]().union(*(op.words for op in OPERATORS.values()))


def mismatch(signature: Mapping[str, bool], given: Iterable[str]) -> str:
    """What is wrong with the names of the given arguments, or nothing.

    signature  the arguments that are taken, each with whether it must be given
    """
    names = list(given)
    for name in names:
        if name not in signature:
            takes = ", ".join(signature) or "none"
            return f"has no argument {name}{nearest(name, signature) or f' (it takes {takes})'}"
    missing = [name for name, required in signature.items() if required and name not in names]
    return f"needs {' and '.join(missing)}" if missing else ""
