"""What PyTorch runs → Graph.

One forward pass is recorded, operator by operator, on tensors that have a shape and no elements.

    recording.py     the pass itself; `archlens.record`
    sources.py       what a user names on the command line → a module to record
    ghost.py         tensors without elements
    tape.py          what was recorded so far: nodes, the tensors that they made, weights
    mode.py          what PyTorch calls for every operator that it runs
    rules/           one function an ATen operator: which node it becomes
    operators.py     operators that only recordings have
"""

__all__: list[str] = []
