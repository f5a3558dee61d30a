"""Memory: what is needed, and the largest batch that fits."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import archlens
from archlens.latency.machine import memory
from archlens.latency.machine.memory import available, is_out_of_memory, largest_batch, needed, peak


def test_needed_by_hand() -> None:
    """LeNet-5's largest node is the first tanh: 6×28×28 in and out."""
    weights, activations = needed(archlens.load("lenet5", batch=3), 4)
    assert weights == 4 * 61_706
    assert activations == 4 * 3 * 2 * 6 * 28 * 28


@given(st.integers(0, 100_000), st.integers(1, 100_000))
def test_largest_batch(fits: int, failed: int) -> None:
    fits = min(fits, failed - 1)
    tried: list[int] = []

    def runs(batch: int) -> bool:
        tried.append(batch)
        return batch <= fits

    found = largest_batch(runs, failed)
    assert found <= fits
    assert fits - found <= max(1, found // 16)
    assert len(tried) <= 24
    assert all(0 < batch < failed for batch in tried)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), True),
        (
            RuntimeError(
                "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 1"
            ),
            True,
        ),
        (MemoryError(), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_is_out_of_memory(error: Exception, expected: bool) -> None:
    assert is_out_of_memory(error) is expected


def test_pytorch_says_so() -> None:
    with pytest.raises(RuntimeError) as error:
        torch.empty(2**60)
    assert is_out_of_memory(error.value)


def test_the_peak_is_of_one_run() -> None:
    little = peak(lambda: None, "cpu")
    much = peak(lambda: torch.ones(2**26), "cpu")
    assert little is not None
    assert much is not None
    assert much - little >= 2**27


def test_a_limit_of_the_group_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "max").write_text("1000\n")
    (folder / "current").write_text("400\n")
    monkeypatch.setattr(memory, "LIMIT", folder / "max")
    monkeypatch.setattr(memory, "USED", folder / "current")
    assert available("cpu") == 600
    (folder / "max").write_text("max\n")
    assert available("cpu") > 600
