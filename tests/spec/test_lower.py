"""What each sentence of the language means: the operators, their names, their shapes."""

import pytest

from archlens.errors import SpecError, UsageError
from archlens.ops import Conv
from tests.spec.written import graph, mistakes, names, network, shapes


def test_operators_one_after_another() -> None:
    found = network("[{conv: {out: 6, kernel: 3, stride: 2}}, relu, {conv: {out: 2}}]")
    assert names(found) == ["conv1", "relu1", "conv2"]
    assert shapes(found) == [(6, 4, 4), (6, 4, 4), (2, 4, 4)]
    assert [node.inputs for node in found.nodes] == [(), (0,), (1,), (2,)]
    assert found.outputs == (3,)


def test_group_and_names() -> None:
    items = (
        "[{name: stem, do: [relu, {name: last, relu: {}}]}, {name: tail, do: [{name: inner, do: [relu]}]}]"
    )
    assert names(network(items)) == ["stem.relu1", "stem.last", "tail.inner.relu1"]


def test_let_sees_what_stands_before() -> None:
    found = network("[{let: {a: in_channels * 2, b: a + 1}, do: [{conv: {out: a}}, {conv: {out: b}}]}]")
    assert shapes(found) == [(8, 8, 8), (9, 8, 8)]


def test_each_zips_its_lists() -> None:
    found = network("[{each: {out: [5, 7], kernel: [1, 3]}, do: [{conv: {out: out, kernel: kernel}}]}]")
    assert names(found) == ["0.conv1", "1.conv1"]
    assert [node.op for node in found.nodes[1:]] == [Conv(5, 1), Conv(7, 3)]


def test_each_in_each() -> None:
    items = """
      [{each: {stage: [1, 2], depth: [1, 2]}, name: "stage{stage}", do: [
         {each: {i: depth}, do: [{conv: {out: 10 * stage + i}}]}]}]"""
    found = network(items)
    assert names(found) == ["stage1.0.conv1", "stage2.0.conv1", "stage2.1.conv1"]
    assert [shape[0] for shape in shapes(found)] == [10, 20, 21]


def test_loops_in_a_row_go_on_counting() -> None:
    items = "[{each: {i: 2}, do: [relu]}, {name: '2', do: [relu]}, {each: {i: 2}, do: [relu]}]"
    assert names(network(items)) == [f"{i}.relu1" for i in range(5)]


def test_each_of_nothing_passes_through() -> None:
    assert names(network("[{each: {i: 0}, do: [relu]}, {each: {i: []}, do: [relu]}, relu]")) == ["relu1"]


@pytest.mark.parametrize(("stride", "kinds"), [(1, ["relu"]), (2, ["sigmoid"])])
def test_if(stride: int, kinds: list[str]) -> None:
    found = network(
        "[{if: stride == 1, then: [relu], else: [sigmoid]}, {if: stride > 5, then: [tanh]}]",
        f"settings: {{stride: {stride}}}",
    )
    assert [node.op.kind for node in found.nodes[1:]] == kinds


def test_add_and_multiply_broadcast() -> None:
    gate = "[{global_average_pool: {keep_axes: true}}]"
    found = network(f"[{{add: [identity, {{conv: {{out: 4}}}}]}}, {{multiply: [identity, {gate}]}}]")
    assert names(found) == ["conv1", "add1", "global_average_pool1", "multiply1"]
    assert [node.inputs for node in found.nodes[1:]] == [(0,), (0, 1), (2,), (2, 3)]
    assert shapes(found)[-1] == (4, 8, 8)


def test_concat_of_three() -> None:
    found = network("[{concat: [identity, {conv: {out: 3}}, [{conv: {out: 5}}, relu]]}]")
    assert shapes(found)[-1] == (12, 8, 8)
    assert found.nodes[-1].inputs == (0, 1, 3)


def test_matrix_product() -> None:
    found = network("[{matrix_product: [identity, {transpose: {order: [0, 1, 3, 2]}}]}]", shape="[4, 8, 2]")
    assert shapes(found)[-1] == (4, 8, 8)


def test_split_into_equal_parts() -> None:
    found = network("[{split: 2, concat: [relu, {conv: {out: 5}}]}]")
    assert names(found) == ["split1", "split2", "relu1", "conv1", "concat1"]
    assert shapes(found) == [(2, 8, 8), (2, 8, 8), (2, 8, 8), (5, 8, 8), (7, 8, 8)]


def test_split_into_sizes() -> None:
    found = network("[{split: [1, in_channels - 1], concat: [identity, relu]}]")
    assert shapes(found) == [(1, 8, 8), (3, 8, 8), (3, 8, 8), (4, 8, 8)]
    assert [(op.start, op.stop) for op in (found.nodes[1].op, found.nodes[2].op)] == [(0, 1), (1, 4)]  # type: ignore[attr-defined]


def test_use_calls_what_a_value_names() -> None:
    rest = """
      settings: {block: unit, activation: sigmoid}
      blocks: {unit: {arguments: {out: required}, do: [{conv: {out: out}}, relu]}}
      """
    found = network("[{use: block, with: {out: 3}}, {use: activation}, {use: tanh, name: last}]", rest)
    assert names(found) == ["unit.conv1", "unit.relu1", "sigmoid1", "last"]


def test_tap_and_from() -> None:
    found = network("[{tap: x}, relu, {tap: y}, {add: [[{from: x}, sigmoid], identity]}, {from: y}, tanh]")
    assert [node.inputs for node in found.nodes[1:]] == [(0,), (0,), (2, 1), (1,)]
    assert found.outputs == (4, 3)


def test_a_tap_can_be_bound_again() -> None:
    found = network("[{tap: x}, {each: {i: 3}, do: [relu, {add: [identity, {from: x}]}, {tap: x}]}]")
    adds = [node.inputs for node in found.nodes if node.op.kind == "add"]
    assert adds == [(1, 0), (3, 2), (5, 4)]


def test_taps_have_templates_for_names() -> None:
    found = network("[{each: {i: 2}, do: [relu, {tap: 'at{i}'}]}, {from: 'at{2 - 2}'}, sigmoid]")
    assert found.nodes[-1].inputs == (1,)


def test_an_auxiliary_head_is_an_output_beside_the_main_one() -> None:
    found = network("[relu, {tap: here}, {name: auxiliary, do: [sigmoid]}, {from: here}, tanh]")
    assert [found.nodes[i].name for i in found.outputs] == ["tanh1", "auxiliary.sigmoid1"]


def test_blocks_open_scopes_and_inline_blocks_do_not() -> None:
    rest = """
      blocks:
        pair: {inline: true, do: [relu, relu]}
        unit: {do: [pair, sigmoid]}
        outer: {do: [unit, unit]}
      """
    assert names(network("[pair, unit, {name: x, unit: {}}]", rest)) == [
        "relu1", "relu2", "unit.relu1", "unit.relu2", "unit.sigmoid1", "x.relu1", "x.relu2", "x.sigmoid1"
    ]  # fmt: skip
    assert names(network("[{name: g, do: [unit]}, {name: h, do: [outer]}]", rest)) == [
        f"{where}.{what}" for where in ("g", "h.unit", "h.unit2") for what in ("relu1", "relu2", "sigmoid1")
    ]


def test_defaults_see_earlier_arguments_settings_and_the_incoming_tensor() -> None:
    rest = """
      settings: {factor: 3}
      blocks:
        unit:
          arguments: {out: in_channels * factor, inner: out + 1}
          do: [{conv: {out: inner}}, {conv: {out: out}}]
      """
    assert [shape[0] for shape in shapes(network("[unit, {unit: {out: 2}}]", rest))] == [13, 12, 3, 2]


def test_a_block_sees_nothing_of_its_caller() -> None:
    rest = "settings: {w: 5}\nblocks: {unit: {do: [{conv: {out: w}}]}}"
    assert shapes(network("[{let: {w: 9}, do: [unit, {conv: {out: w}}]}]", rest)) == [(5, 8, 8), (9, 8, 8)]
    text = """\
      input: [3, 8, 8]
      blocks: {unit: {do: [{conv: {out: secret_of_caller}}]}}
      network: [{let: {secret_of_caller: 9}, do: [unit]}]
      """
    assert mistakes(text) == ["test.yaml:2 unit (conv) out: secret_of_caller has no value here"]


def test_a_shared_block_sees_no_settings() -> None:
    """`stride` is an argument of conv_bn with a default of 1, whatever a family's settings say."""
    found = network("[{conv_bn: {out: 4}}]", "settings: {stride: 2, groups: 4}")
    assert found.nodes[1].op == Conv(4)


def test_settings_and_variants_and_overrides() -> None:
    text = """\
      input: [3, 8, 8]
      settings: {w: 4}
      variants: {a: {}, b: {w: 5, input: [1, 2, 2]}}
      network: [{conv: {out: w}}]
      """
    assert graph(text, "a").nodes[-1].shape == (1, 4, 8, 8)
    assert graph(text, "b").nodes[-1].shape == (1, 5, 2, 2)
    assert graph(text, "b", batch=7, w=6).nodes[-1].shape == (7, 6, 2, 2)
    assert graph(text, input=(2, 9, 9)).nodes[0].shape == (1, 2, 9, 9)


@pytest.mark.parametrize("batch", [0, -1, True, 1.5])
def test_a_batch_is_a_positive_integer(batch: int) -> None:
    with pytest.raises(UsageError, match="expected a positive integer"):
        graph("input: [3]\nnetwork: relu\n", batch=batch)


@pytest.mark.parametrize("shape", [5, (), (0,), (1, 2, 3, 4, 5), ("a",), (True,), None])
def test_an_input_is_a_shape(shape: int) -> None:
    with pytest.raises(UsageError, match="expected channels, height and width"):
        graph("input: [3]\nnetwork: relu\n", input=shape)


def test_lines_in_shared_blocks_are_those_of_their_call() -> None:
    text = "input: [3, 8, 8]\nnetwork:\n  - relu\n  - conv_bn: {out: 8, groups: 3}\n"
    assert mistakes(text) == ["test.yaml:4 conv1 (conv): 8 out channels are not divisible by groups=3"]


def test_lines_in_blocks_are_their_own_and_paths_those_of_the_call() -> None:
    text = """\
      input: [3, 8, 8]
      blocks:
        unit:
          do:
            - conv: {out: 8, groups: 3}
      network:
        - {each: {i: 2}, name: "stage{i}", do: [relu, unit]}
      """
    assert mistakes(text) == [
        "test.yaml:5 stage0.unit.conv1 (conv): 8 out channels are not divisible by groups=3"
    ]


def test_a_broken_item_stops_in_silence() -> None:
    from archlens.spec.catalog import Reference
    from archlens.spec.parse import parse
    from archlens.spec.read import read

    spec, problems = parse(read("input: [3]\nnetwork: [relu, rellu]\n"), "test.yaml", {})
    assert len(problems) == 1
    with pytest.raises(SpecError) as caught:
        Reference(spec, None).lower({})
    assert caught.value.problems == ()


def test_what_a_network_requires_is_told_in_its_words() -> None:
    text = """
    input: [3, 8, 8]
    settings: {depth: 20}
    network:
      - {require: (depth - 2) % 6 == 0, message: "depth is 6 n + 2, not {depth}"}
      - name: stem
        do: [{require: in_height % 4 == 0, message: "a multiple of {2 * 2}, not {in_height}"}, relu]
    """
    assert names(graph(text)) == ["stem.relu1"]
    with pytest.raises(SpecError, match=r"test\.yaml:5: depth is 6 n \+ 2, not 21"):
        graph(text, depth=21)
    with pytest.raises(SpecError, match=r"test\.yaml:7 stem: a multiple of 4, not 6"):
        graph(text, input=(3, 6, 6))


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("{require: true}", "require: has no message"),
        ("{require: in_height, message: x}", "'in_height' is 8, not true or false"),
        ("{require: in_hight > 1, message: x}", "in_hight has no value here; did you mean in_height?"),
        ("{require: true, message: x, else: relu}", "else does not go with require"),
    ],
)
def test_a_requirement_that_is_none(item: str, message: str) -> None:
    (found,) = mistakes(f"input: [3, 8, 8]\nnetwork: [{item}, relu]\n")
    assert message in found
