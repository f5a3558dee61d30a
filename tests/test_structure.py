"""What the field says about the shape of its networks, each fact counted in the graphs.

A layer, in the counting of the papers, is a convolution of a map or a linear layer, and a network is as
deep as the longest chain of them from its input to its output. Convolutions of 1×1 maps are the gates of
squeeze-and-excite, which no paper counts.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

import archlens
from archlens.cost import Cost, total
from archlens.errors import SpecError
from archlens.graph import Graph, Node
from archlens.ops import Concat, Conv, Linear, MaxPool
from archlens.ops.window import Window
from archlens.spec.catalog import find, model_names
from tests.spec.written import network

Numbers = tuple[int, ...]


def is_layer(node: Node) -> bool:
    """Whether papers count it: a linear layer, or a convolution of a map."""
    return isinstance(node.op, Linear) or (isinstance(node.op, Conv) and max(node.shape[2:]) > 1)


def depths(graph: Graph) -> list[int]:
    """Of every node, how many layers the longest chain from the input to its output has."""
    found: list[int] = []
    for node in graph.nodes:
        found.append(max((found[i] for i in node.inputs), default=0) + is_layer(node))
    return found


def depth(graph: Graph) -> int:
    """Layers of the longest chain to the main output."""
    return depths(graph)[graph.outputs[0]]


def deepened(graph: Graph, *scopes: str) -> Numbers:
    """By how many layers each of these consecutive parts of a network makes its longest chain longer."""
    reached = depths(graph)
    ends = [max(reached[i] for i in within(graph, scope)) for scope in scopes]
    return tuple(end - start for start, end in zip([0, *ends], ends, strict=False))


def within(graph: Graph, scope: str) -> list[int]:
    """The positions of the nodes under a dotted path."""
    return [i for i, node in enumerate(graph.nodes) if f"{node.name}.".startswith(f"{scope}.")]


def nodes(graph: Graph, scope: str) -> list[Node]:
    """The nodes under a dotted path."""
    return [graph.nodes[i] for i in within(graph, scope)]


def cost(found: Iterable[Node]) -> Cost:
    """What they cost together."""
    return total(node.cost for node in found)


def windows(graph: Graph, node: Node) -> tuple[Window, ...]:
    """The windows that the operator slides along the axes of its input."""
    return node.op.windows(tuple(graph.nodes[i].shape for i in node.inputs))


def modules(scope: str, count: int) -> list[str]:
    """The dotted paths of the passes of a loop."""
    return [f"{scope}.{i}" for i in range(count)]


INCEPTION_V4 = [
    "stem", *modules("grid35", 4), "reduction35", *modules("grid17", 7), "reduction17", *modules("grid8", 3),
    "head",
]  # fmt: skip

INCEPTION_RESNET_V2 = [
    "stem", *modules("grid35", 5), "reduction35", *modules("grid17", 10), "reduction17", *modules("grid8", 5),
    "head",
]  # fmt: skip


def test_inception_v4_has_76_layers() -> None:
    """The sum is that of the longest chains through the modules, one behind the other."""
    graph = archlens.load("inception_v4")
    chains = deepened(graph, *INCEPTION_V4)
    assert chains == (9, *[3] * 4, 3, *[5] * 7, 4, *[4] * 3, 1)
    assert sum(chains) == depth(graph) == 76 == 9 + 3 * 4 + 5 * 7 + 4 * 3 + 3 + 4 + 1


def test_inception_resnet_v2_has_96_layers() -> None:
    """In the same counting. The 1×1 convolution behind the branches makes every module 4 layers deep."""
    graph = archlens.load("inception_resnet_v2_paper")
    chains = deepened(graph, *INCEPTION_RESNET_V2)
    assert chains == (9, *[4] * 5, 3, *[4] * 10, 3, *[4] * 5, 1)
    assert sum(chains) == depth(graph) == 96


NAMED = {
    name: int(match[1])
    for name in model_names()
    if (match := re.match(r"(?:vgg|(?:wide_|se)?resnet|(?:se)?resnext|senet|dpn|pyramidnet)(\d+)", name))
    or (match := re.match(r"densenet(?:_bc?|_c)?_?(\d+)", name))
}
"""Networks with a number of layers in their names, each with that number."""

OTHERWISE = {
    "resnet50d": 52,  # its stem has three 3×3 convolutions for one 7×7
    "densenet264": 265,  # the paper's 6 + 12 + 64 + 48 layers of two convolutions, and 5 more
    "dpn48b": 50,  # of timm, and in no paper
}
"""Those that have another number of them."""


@pytest.mark.parametrize("name", NAMED)
def test_names_tell_the_depth(name: str) -> None:
    assert depth(archlens.load(name)) == OTHERWISE.get(name, NAMED[name])


def test_which_names_tell_the_depth() -> None:
    assert {"densenet121", "densenet_bc_250_24", "resnet50", "seresnet152", "senet154", "vgg16"} <= {*NAMED}
    assert {"resnet20", "resnet1202", "resnext29_8x64d", "wide_resnet101_2", "dpn92"} <= {*NAMED}
    assert {*OTHERWISE} <= {*NAMED}


@pytest.mark.parametrize("units", [3, 5, 7, 9, 18, 200])
def test_resnet_for_cifar_is_6n_plus_2_layers_deep(units: int) -> None:
    graph = archlens.load("resnet20", depth=6 * units + 2)
    assert deepened(graph, "stem", "stage1", "stage2", "stage3", "head") == (1, *[2 * units] * 3, 1)


def test_mobilenet_v1_has_28_layers_13_of_them_depthwise() -> None:
    graph = archlens.load("mobilenet_v1")
    layers = [node for node in graph.nodes if is_layer(node)]
    assert depth(graph) == len(layers) == 28
    assert sum(isinstance(node.op, Conv) and node.op.groups > 1 for node in layers) == 13


def test_mobilenet_v1_works_in_its_1x1_convolutions() -> None:
    graph = archlens.load("mobilenet_v1")
    pointwise = [node for node in graph.nodes if [w.extent for w in windows(graph, node)] == [1, 1]]
    assert len(pointwise) == 13
    assert round(100 * cost(pointwise).multiply_adds / cost(graph.nodes).multiply_adds) == 95


def test_resnet_50_s_bottleneck_has_69632_weights() -> None:
    """256·64 + 3·3·64·64 + 64·256, and a basic block of 64 channels has hardly more: 2·3·3·64·64."""
    convolutions = [
        node for node in nodes(archlens.load("resnet50"), "stage1.1") if isinstance(node.op, Conv)
    ]
    assert [node.cost.params for node in convolutions] == [16_384, 36_864, 16_384]
    assert cost(convolutions).params == 69_632
    basic = [node for node in nodes(archlens.load("resnet18"), "stage1.1") if isinstance(node.op, Conv)]
    assert cost(basic).params == 73_728


@pytest.mark.parametrize("name", ["resnet20", "resnet110", "resnet34", "resnet50"])
def test_resnet_s_shortcut_a_has_no_parameters(name: str) -> None:
    padded, projected = (archlens.load(name, shortcuts=option) for option in "AB")
    shortcuts = [node for node in padded.nodes if ".shortcut." in node.name]
    assert shortcuts
    assert cost(shortcuts).params == cost(shortcuts).multiply_adds == 0
    projections = [node for node in projected.nodes if ".shortcut." in node.name]
    assert cost(projected.nodes).params - cost(padded.nodes).params == cost(projections).params > 0


def test_the_three_forms_of_the_resnext_block_cost_the_same() -> None:
    forms = [
        cost(archlens.load("resnext50_32x4d", form=form).nodes)
        for form in ("grouped", "concatenated", "summed")
    ]
    assert {form.params for form in forms} == {25_028_904}
    assert len({form.multiply_adds for form in forms}) == 1
    assert len({form.elementwise for form in forms}) == 2  # the sums between the paths are no multiply-adds


def joined(graph: Graph, position: int) -> Iterator[int]:
    """The tensors that a tensor is joined from: itself, unless it is a concatenation."""
    node = graph.nodes[position]
    if not isinstance(node.op, Concat):
        yield position
        return
    for feeding in node.inputs:
        yield from joined(graph, feeding)


def connections(graph: Graph, block: str, layers: int) -> Numbers:
    """How many tensors from outside of it each layer of a dense block reads."""
    found = []
    for layer in modules(block, layers):
        own = set(within(graph, layer))
        computed = [i for i in own if not isinstance(graph.nodes[i].op, Concat)]
        read = {
            source for i in computed for feeding in graph.nodes[i].inputs for source in joined(graph, feeding)
        }
        found.append(len(read - own))
    return tuple(found)


@pytest.mark.parametrize(
    ("name", "block", "layers"),
    [
        ("densenet121", "dense1", 6),
        ("densenet121", "dense2", 12),
        ("densenet121", "dense3", 24),
        ("densenet121", "dense4", 16),
        ("densenet_40_12", "dense3", 12),
        ("densenet_bc_100_12", "dense2", 16),
    ],
)
def test_a_dense_block_of_l_layers_has_half_l_times_l_plus_1_connections(
    name: str, block: str, layers: int
) -> None:
    graph = archlens.load(name)
    assert not within(graph, f"{block}.{layers}")
    assert connections(graph, block, layers) == tuple(range(1, layers + 1))
    assert sum(connections(graph, block, layers)) == layers * (layers + 1) // 2


def test_alexnet_s_parameters_are_in_its_fully_connected_layers() -> None:
    graph = archlens.load("alexnet_paper")
    linear = [node for node in graph.nodes if isinstance(node.op, Linear)]
    assert len(linear) == 3
    assert round(100 * cost(linear).params / cost(graph.nodes).params) == 96


def seen_along(graph: Graph) -> int:
    """How many pixels along an axis one output of a chain of operators sees.

    r ← r + (extent − 1)·jump,  jump ← jump·stride,  from r = jump = 1
    """
    seen, jump = 1, 1
    for node in graph.nodes:
        for window in windows(graph, node)[:1]:
            seen += (window.extent - 1) * jump
            jump *= window.stride
    return seen


def convolutions(count: int, kernel: int) -> Graph:
    """Convolutions of one size on top of each other, which keep 4 channels."""
    return network(f"[{', '.join([f'{{conv: {{out: 4, kernel: {kernel}}}}}'] * count)}]")


@pytest.mark.parametrize(("count", "kernel"), [(1, 3), (2, 5), (3, 7)])
def test_stacked_3x3_convolutions_see_as_far_as_one_that_is_larger(count: int, kernel: int) -> None:
    stacked, single = convolutions(count, 3), convolutions(1, kernel)
    assert seen_along(stacked) == seen_along(single) == kernel
    assert cost(stacked.nodes).params == count * 9 * 4 * 4
    assert count == 1 or cost(stacked.nodes).params < cost(single.nodes).params


def test_what_is_seen_grows_faster_behind_a_stride() -> None:
    assert seen_along(network("[{conv: {out: 4, kernel: 3, stride: 2}}, {conv: {out: 4, kernel: 3}}]")) == 7


@pytest.mark.parametrize("name", ["inception_v1", "googlenet"])
def test_googlenet_s_modules_join_what_its_branches_make(name: str) -> None:
    """Without the 1×1 behind its pooling, 3b would hand on all 256 channels that it pools."""
    graph = archlens.load(name)
    assert branches(graph, "stage3.a") == (64, 128, 32, 32)
    assert branches(graph, "stage3.b") == (128, 192, 96, 64)
    assert [nodes(graph, f"stage3.{module}")[-1].shape[1] for module in "ab"] == [256, 480]
    (pooled,) = (node for node in nodes(graph, "stage3.b.branch4") if isinstance(node.op, MaxPool))
    assert (*branches(graph, "stage3.b")[:3], pooled.shape[1]) == (128, 192, 96, 256)
    assert sum(branches(graph, "stage3.b")[:3]) + pooled.shape[1] == 672


def test_googlenet_s_table_has_figures_of_the_released_network() -> None:
    """Rows 4a, 4b and 5a of Table 1, in units of 1024 parameters and of 10⁶ multiply-adds."""
    graph = archlens.load("inception5h")
    found = [cost(nodes(graph, f"stage{row}")) for row in ("4.a", "4.b", "5.a")]
    assert [round(row.params / 1024) for row in found[:2]] == [364, 437]
    assert [round(row.multiply_adds / 10**6) for row in found] == [73, 88, 54]


def test_xception_s_inception_v3_is_the_first_one_of_keras() -> None:
    """Narrower where the longest branch of the last module at 17×17 begins, and with biases everywhere."""
    graph = archlens.load("tf_inception_v3", pools=[32, 32, 32])
    narrower = 32 * 768 + 7 * 32 * 192 + 2 * 32
    normalised = sum(node.op.out for node in graph.nodes if isinstance(node.op, Conv)) - 32
    assert cost(graph.nodes).params - narrower + normalised == 23_626_728


def branches(graph: Graph, module: str) -> Numbers:
    """The channels that a module joins at its end."""
    return tuple(graph.nodes[i].shape[1] for i in nodes(graph, module)[-1].inputs)


def test_efficientnet_doubles_its_work_for_every_step_of_phi() -> None:
    """α·β²·γ² is about 2: work grows with depth, and with width and resolution squared."""
    settings = find("efficientnet_b0").settings({})
    alpha, beta, gamma = (settings[name] for name in ("alpha", "beta", "gamma"))
    assert isinstance(alpha, float)
    assert isinstance(beta, float)
    assert isinstance(gamma, float)
    assert round(alpha * beta**2 * gamma**2, 2) == 1.92


@pytest.mark.parametrize(
    "name", ["alexnet", "alexnet_paper", "zfnet", "overfeat_fast", "overfeat_accurate", "vgg16"]
)
def test_fully_connected_layers_as_convolutions_are_the_same_network(name: str) -> None:
    """At its own input: as many weights, as much work, and one place in the end."""
    plain, dense = archlens.load(name), archlens.load(name, dense=True)
    assert cost(dense.nodes).params == cost(plain.nodes).params
    assert cost(dense.nodes).multiply_adds == cost(plain.nodes).multiply_adds
    assert dense.nodes[-1].shape == plain.nodes[-1].shape


def test_vgg_16_s_dense_evaluation_works_at_36_places() -> None:
    """On 384×384 the last map is 12×12, in which a window of 7 has 6×6 places."""
    graph = archlens.load("vgg16", dense=True, input=(3, 384, 384))
    found = sum(cost(nodes(graph, layer)).multiply_adds for layer in ("fc6", "fc7", "fc8"))
    assert found == 36 * (7 * 7 * 512 * 4096 + 4096 * 4096 + 4096 * 1000)
    assert round(found / 1e9, 2) == 4.45


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("resnet20", {"depth": 21}, "depth is 6 n"),
        ("densenet_40_12", {"depth": 41}, "depth is 3 n"),
        ("densenet_b_100_12", {"depth": 103}, "depth is 6 n"),
        ("pyramidnet110_a48", {"depth": 111}, "depth is 6 n"),
        ("igcv1", {"depth": 21}, "depth is 3 n"),
        ("igcv2", {"depth": 21}, "depth is 3 n"),
        ("swin_t", {"input": (3, 320, 320)}, "multiples of 224, not 320x320"),
        ("swin_t", {"input": (3, 320, 320), "window": 8}, "multiples of 256, not 320x320"),
    ],
)
def test_a_depth_or_an_input_between_two_networks_is_none(
    name: str, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(SpecError, match=message):
        archlens.load(name, **settings)


def test_auxiliary_classifiers_are_for_training() -> None:
    """Off in every network, on as a setting, which is the network that torchvision counts."""
    found = {}
    for name in ("inception_v1", "googlenet", "inception_v3", "nasnet_a_large"):
        found[name] = cost(archlens.load(name, auxiliary=True).nodes).params
        assert len(archlens.load(name).outputs) == 1
        assert len(archlens.load(name, auxiliary=True).outputs) > 1
    assert found["inception_v3"] == 27_161_264
    assert found["googlenet"] == 13_004_888
