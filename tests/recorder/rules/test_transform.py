"""Fourier transforms, counted by hand and by one that is written out."""

from cmath import exp, pi
from collections.abc import Sequence

import pytest
import torch

from archlens.cost import Cost
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs, names, node, recorded


def transform(x: Sequence[complex], made: list[complex]) -> list[complex]:
    """By halves, after Cooley and Tukey. Every number that it makes is noted."""
    if len(x) == 1:
        return [*x]
    even, odd = transform(x[::2], made), transform(x[1::2], made)
    turned = [exp(-2j * pi * i / len(x)) * each for i, each in enumerate(odd)]
    pairs = list(zip(even, turned, strict=True))
    result = [a + b for a, b in pairs] + [a - b for a, b in pairs]
    made += result
    return result


@pytest.mark.parametrize("points", [1, 2, 8, 64])
def test_a_number_is_computed_for_each_point_in_each_pass(points: int) -> None:
    made: list[complex] = []
    x = torch.randn(points, dtype=torch.complex128)
    result = transform(x.tolist(), made)
    assert torch.allclose(torch.fft.fft(x), torch.tensor(result, dtype=x.dtype))
    graph = recorded(Applied(torch.fft.fft), x)
    assert costs(graph) == Cost(elementwise=len(made), reads=points, writes=points)


def test_a_filter_of_frequencies() -> None:
    """3 maps of 8×8: 64 points in 6 passes, half of it as they are real, 3·64·6 / 2 = 576 each way.

    Half a spectrum is 8×5: 120 numbers, each multiplied by a weight.
    """

    def filtered(x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = torch.fft.irfft2(torch.fft.rfft2(x, norm="ortho") * weights, norm="ortho")
        return y

    weights = torch.nn.Parameter(torch.zeros(3, 8, 5, dtype=torch.complex64))
    graph = recorded(Applied(filtered, weights=weights), torch.zeros(1, 3, 8, 8))
    assert graph.complete
    assert [node(graph, name).op.label(((1, 3, 8, 8),)) for name in ("rfft1", "irfft1")] == [
        "rfft 8×8",
        "irfft 8×8",
    ]
    assert costs(graph) == Cost(
        params=120,
        elementwise=576 + 120 + 576,
        reads=192 + (120 + 120) + 120,
        writes=120 + 120 + 192,
    )


def test_a_length_that_is_no_power_of_two() -> None:
    """14 · log₂ 14 = 53.3 passes of a number; 7 rows of it are 373.1."""
    graph = recorded(Applied(lambda x: torch.fft.fft(x, dim=1)), torch.zeros(1, 14, 7, dtype=torch.complex64))
    assert costs(graph).elementwise == 373
    assert node(graph, "fft1").op.mixes(()) == (1,)


def test_a_spectrogram_and_back() -> None:
    """128 samples and 8 more on each side, in 17 frames of 16: 16·4 / 2 = 32 each, and a window before it."""
    window = torch.ones(16)

    def spectrum(x: torch.Tensor) -> torch.Tensor:
        return torch.stft(x, 16, hop_length=8, window=window, return_complex=True)

    x = torch.zeros(2, 128)
    graph = recorded(Applied(spectrum), x)
    assert graph.complete
    assert "rfft1" in names(graph)
    assert costs(graph).elementwise == 2 * 17 * (16 + 32)  # the padding moves, and computes nothing
    assert recorded(Applied(lambda x: torch.istft(spectrum(x), 16, hop_length=8, window=window)), x).complete
