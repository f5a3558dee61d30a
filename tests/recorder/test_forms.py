"""The ways in which PyTorch lets a layer run: each costs what the layer costs."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations

from archlens.cost import Cost
from tests.recorder.networks import Applied, Calling
from tests.recorder.recordings import costs, names, recorded

X = torch.zeros(2, 8)
"""Two samples of 8 features, of which a layer makes 4: 32 weights and 4 biases."""

ONE = 2 * 32


def linear() -> nn.Linear:
    return nn.Linear(8, 4)


class Reparametrized(nn.Module):
    """Calls its layer with weights that are twice its own."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = linear()

    def forward(self, x: Tensor) -> Tensor:
        weights = {"weight": self.layer.weight * 2, "bias": self.layer.bias}
        made: Tensor = torch.func.functional_call(self.layer, weights, (x,))
        return made


class Checkpointed(nn.Module):
    """Forgets what its layer computed until a gradient asks for it."""

    def __init__(self, *, reentrant: bool) -> None:
        super().__init__()
        self.layer = linear()
        self.reentrant = reentrant

    def forward(self, x: Tensor) -> Any:
        return torch.utils.checkpoint.checkpoint(self.layer, x, use_reentrant=self.reentrant)


class Held(nn.Module):
    """Parameters in lists and dictionaries."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.ParameterList([nn.Parameter(torch.zeros(8, 4))])
        self.shifts = nn.ParameterDict({"shift": nn.Parameter(torch.zeros(4))})

    def forward(self, x: Tensor) -> Tensor:
        return torch.addmm(self.shifts["shift"], x, self.weights[0])


class Multiplied(torch.autograd.Function):
    """A function with a gradient of its own."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor) -> Tensor:
        ctx.save_for_backward(x, w)
        return torch.nn.functional.linear(x, w)


def by_function(layer: nn.Linear) -> Applied:
    def run(x: Tensor) -> Any:
        return Multiplied.apply(x, layer.weight) + layer.bias  # type: ignore[no-untyped-call]

    return Applied(run)


def in_low_precision(layer: nn.Linear) -> Applied:
    def run(x: Tensor) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return layer(x)

    return Applied(run)


def without_gradients(layer: nn.Linear) -> Applied:
    def run(x: Tensor) -> Any:
        with torch.inference_mode():
            return layer(x)

    return Applied(run)


def over_samples(layer: nn.Linear) -> Applied:
    def run(x: Tensor) -> Any:
        return torch.vmap(layer)(x)

    return Applied(run)


def compiled() -> nn.Module:
    layer = linear()
    layer.compile()
    return Calling(layer)


FORMS: dict[str, Callable[[], Any]] = {
    "checkpoint": lambda: Checkpointed(reentrant=False),
    "reentrant checkpoint": lambda: Checkpointed(reentrant=True),
    "compiled": lambda: torch.compile(linear()),
    "compiled in place": compiled,
    "compiled part": lambda: Calling(torch.compile(linear())),  # type: ignore[arg-type]
    "data parallel": lambda: nn.DataParallel(linear()),
    "function with its own gradient": lambda: by_function(linear()),
    "functional call": Reparametrized,
    "inference mode": lambda: without_gradients(linear()),
    "low precision": lambda: in_low_precision(linear()),
    "parameters in a list": Held,
    "script": lambda: torch.jit.script(nn.Sequential(linear())),
    "script as a part": lambda: Calling(torch.jit.script(nn.Sequential(linear()))),
    "trace": lambda: torch.jit.trace(nn.Sequential(linear()), X),  # type: ignore[no-untyped-call]
    "traced symbolically": lambda: torch.fx.symbolic_trace(nn.Sequential(linear())),
    "vectorised map": lambda: over_samples(linear()),
    "weight norm": lambda: parametrizations.weight_norm(linear()),
    "weight norm by a hook": lambda: torch.nn.utils.weight_norm(linear()),
}

PARAMETERS = {"weight norm": 40, "weight norm by a hook": 40}
"""Where there are others than 36: a length for each of the 4 outputs."""


@pytest.mark.filterwarnings("ignore")  # of PyTorch, that some of these are old
@pytest.mark.parametrize("form", FORMS)
def test_a_form(form: str) -> None:
    graph = recorded(FORMS[form](), X)
    assert graph.complete
    assert costs(graph).multiply_adds == ONE
    assert costs(graph).params == PARAMETERS.get(form, 36)
    assert graph.nodes[graph.outputs[0]].shape == (2, 4)


def test_what_is_compiled_keeps_its_path() -> None:
    assert names(recorded(Calling(torch.compile(linear())), X)) == ["inner"]  # type: ignore[arg-type]


def test_a_hook_that_changes_what_comes_out() -> None:
    layer = linear()
    table = torch.zeros(4, 3)
    layer.register_forward_hook(lambda module, args, y: y @ table)
    layer.register_forward_pre_hook(lambda module, args: (args[0] * 2,))
    cost = costs(recorded(Calling(layer), X))
    assert cost.multiply_adds == ONE + 2 * 4 * 3
    assert cost.elementwise == 2 * 8


def test_spectral_norm_multiplies_to_know_its_norm() -> None:
    """The matrix of 4×8 times a vector of 8, and a product of two vectors of 4."""
    module = parametrizations.spectral_norm(linear()).eval()
    cost = costs(recorded(module, X))
    assert (cost.params, cost.multiply_adds) == (36, ONE + 32 + 4)


def test_several_layers_mapped_as_one() -> None:
    layers = [linear() for _ in range(3)]

    def run(x: Tensor) -> Any:
        stacked, _ = torch.func.stack_module_state(layers)
        return torch.vmap(lambda weights: torch.func.functional_call(layers[0], weights, (x,)))(stacked)

    cost = costs(recorded(Applied(run), X))
    assert (cost.params, cost.multiply_adds) == (3 * 36, 3 * ONE)


def test_inference_mode_shows_whole_what_is_taken_apart_otherwise() -> None:
    """A convolution of 27·4 weights at 36 places, its norm, and a product of 4×36 by 36×4."""
    layers = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.Flatten(2)).eval()

    def run(x: Tensor) -> Tensor:
        made: Tensor = layers(x)
        return torch.einsum("nij,nkj->nik", made, made) @ made

    x = torch.zeros(1, 3, 8, 8)
    graph = recorded(Applied(torch.inference_mode()(run)), x)
    assert graph.complete
    assert costs(graph).multiply_adds == 36 * 108 + 2 * 36 * 16
    assert costs(graph) == costs(recorded(Applied(run), x))


def test_a_layer_mapped_over_samples() -> None:
    layer = linear()
    graph = recorded(Applied(lambda x: torch.vmap(layer)(x) * 2), X)
    assert (costs(graph).params, costs(graph).multiply_adds) == (36, ONE)
    assert graph.nodes[graph.outputs[0]].shape == (2, 4)


@pytest.mark.filterwarnings("ignore:LSTM with projections")  # which PyTorch runs step by step
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("directions", [1, 2])
def test_an_lstm_with_projections(*, training: bool, directions: int) -> None:
    """10 steps, 4 gates of 6 from 8 features and 3 projected ones, and the projection of 6 to 3."""
    module = nn.LSTM(8, 6, proj_size=3, bidirectional=directions == 2).train(training)
    cost = costs(recorded(module, torch.zeros(5, 2, 8)))
    assert cost.multiply_adds == directions * 10 * (24 * (8 + 3) + 6 * 3)
    assert cost.params == sum(weight.numel() for weight in module.parameters())


@pytest.mark.parametrize("training", [True, False])
def test_a_transformer_s_decoder(*, training: bool) -> None:
    """10 tokens look at each other and at 8 others, as 2 samples of 5 and 4.

    weights   4·8·8 for each token of its own; for the others two of 8·8 for 10 tokens and two for 8; 2·8·16
    scores    2·5·5 of 8 products twice, 2·5·4 of 8 products twice
    """
    module = nn.TransformerDecoderLayer(8, 2, 16, batch_first=True).train(training)
    cost = costs(recorded(module, torch.zeros(2, 5, 8), torch.zeros(2, 4, 8)))
    assert cost.multiply_adds == 10 * 256 + (10 + 8) * 128 + 10 * 256 + 2 * (50 + 40) * 8
    assert cost.params == sum(weight.numel() for weight in module.parameters())


@pytest.mark.parametrize(
    ("left", "right", "products"),
    [((3,), (3, 4), 12), ((4, 3), (3,), 12), ((2, 4, 3), (3,), 24), ((3,), (2, 3, 5), 30), ((3,), (3,), 3)],
)
def test_products_with_vectors(left: tuple[int, ...], right: tuple[int, ...], products: int) -> None:
    graph = recorded(Applied(torch.matmul), torch.zeros(left), torch.zeros(right))
    assert costs(graph).multiply_adds == products


def test_a_mixture_of_experts_as_it_ran() -> None:
    """Each sample goes to one of 4 layers; the others do nothing."""
    experts = [linear() for _ in range(4)]

    def routed(x: Tensor) -> Tensor:
        chosen = x[:, :4].argmax(1)
        y = x.new_zeros(x.shape[0], 4)
        for i, expert in enumerate(experts):
            if (mask := chosen == i).any():
                y[mask] = expert(x[mask])
        return y

    with pytest.warns(UserWarning, match="run in earnest"):
        cost = costs(recorded(Applied(routed), torch.eye(8)[:2]))
    assert (cost.params, cost.multiply_adds) == (2 * 36, ONE)


def test_complex_numbers() -> None:
    graph = recorded(nn.Linear(8, 4, dtype=torch.complex64), X.to(torch.complex64))
    assert costs(graph) == Cost(params=36, multiply_adds=ONE, reads=16 + 36, writes=8, activations=8)
