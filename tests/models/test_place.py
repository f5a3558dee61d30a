"""Where a model is written, by its file and its line."""

from pathlib import Path

import pytest

from archlens.models.place import Place, place_of, places_of_nodes

SPEC = """\
input: [3, 8, 8]
variants:
  narrow: {}
  wide: {}
network:
  - conv: {out: 4}
  - relu
"""


@pytest.mark.parametrize(
    ("model", "line"),
    [
        ("net.yaml", 5),
        ("net.yaml:wide", 4),
        ("net.yaml:wide[a=3]", 4),
        ("net.py:Net", 3),
        ("net.py:none", 0),
    ],
)
def test_the_line_of_a_variant_a_class_or_a_network(tmp_path: Path, model: str, line: int) -> None:
    (tmp_path / "net.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "net.py").write_text("import torch\n\nclass Net: ...\n", encoding="utf-8")
    file = tmp_path / model.partition(":")[0]
    assert place_of(model, tmp_path) == Place(str(file), line)


def test_what_is_written_in_no_file_that_is_named() -> None:
    assert place_of("resnet50") is None


def test_the_lines_of_the_layers(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(SPEC, encoding="utf-8")
    assert [*places_of_nodes(str(file), {}).values()] == [f"{file}:6", f"{file}:7"]
    assert places_of_nodes("net.py:Net", {}) == {}
