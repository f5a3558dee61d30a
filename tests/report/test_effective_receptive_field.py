"""The table of a measured field."""

from archlens.report.effective_receptive_field import effective_table
from archlens.report.render import render_text
from archlens.spec.loading import load
from archlens.studies.effective_receptive_field import effective_receptive_field


def test_the_table_says_what_was_measured_and_how() -> None:
    graph = load("lenet5")
    node = [each.name for each in graph.nodes].index("C3.conv1")
    table = effective_table(effective_receptive_field(graph, node, samples=1, seed=7))
    assert [row[0] for row in table.rows] == [0.5, 0.8, 0.95]
    assert all(row[3] == row[1] ** 2 / 14**2 for row in table.rows)
    shown = render_text(table)
    assert "lenet5, input 1×1×32×32, C3.conv1" in shown
    assert "static field 14×14\n" in shown
    assert "mean of 1 random input, seed 7: default initialisation, evaluation mode, float64" in shown


def test_a_field_larger_than_the_input_is_said_to_be() -> None:
    table = effective_table(effective_receptive_field(load("resnet20"), samples=1))
    assert (
        table.footer[0] == "static field 81×81, which reaches beyond the input: a larger --input shows more"
    )
