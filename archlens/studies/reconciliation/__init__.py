"""Why another number differs: other counters run on the same network, and what each of them counts.

measures.py      what can be counted of one node: multiply-adds, outputs, biases, …
conventions.py   what each counter counts, operator by operator
calls.py         which module runs a node, as counters that hook modules see it
fused.py         transformer layers, which PyTorch runs as one operator where nothing hooks them
terms.py         the difference between a counter and us, in named terms
counters.py      the counters themselves; a process of its own for each
processes.py     runs these processes
claim.py         the conventions under which a printed figure comes out
reconcile.py     all of it together
"""

__all__: list[str] = []
