"""What others run → Graph: PyTorch modules here, ONNX files in `onnx`.

One forward pass of a module is recorded, operator by operator, on tensors that have a shape and no
elements.

    sources.py        what a user names on the command line → a module to record
    recording.py      the road from a module to its graph, with every fallback; `archlens.record`
    structure.py      the copy of a module that is run in its place: copying.py is what copies share,
                      containers.py and callables.py copy what Python has, tensors.py what PyTorch has
    surroundings.py   what is put back afterwards, as no copy can hold it: random numbers, caches, globals
    inputs.py         what a forward is called with → inputs of the graph
    tensor_type.py    shapes and types of inputs, as users give them
    loading.py        the same, with its weights and with inputs, for who runs it
    custom.py         the rules that users give for operators of theirs; `archlens.rule`
    mode.py, call.py  what PyTorch calls for every operator that it runs
    rules/            one function an ATen operator: which node it becomes
    operators.py      operators that only recordings have; dynamic.py those with dot products,
                      recurrent.py layers over sequences, transform.py Fourier's
    value.py          what tensors stand for; entry.py and tape.py, what was recorded so far
    scopes.py         which module is running; naming.py, what its nodes are called
    own_modules.py    modules of ours that PyTorch runs as several operators
    fake_tensor.py    tensors without elements; unallocated.py, modules made of them
    lazy.py           modules that get their shapes from what they see first

Nothing is imported here: a file needs no PyTorch, and a module no onnx.
"""

__all__: list[str] = []
