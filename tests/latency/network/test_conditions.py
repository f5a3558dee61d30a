"""What can be asked for, and what this machine has."""

import pytest
import torch

from archlens.errors import ArchlensError, UsageError
from archlens.latency.network.conditions import DTYPES, Conditions


def test_names_are_pytorchs() -> None:
    assert {name: str(dtype) for name, dtype in DTYPES.items()} == {name: f"torch.{name}" for name in DTYPES}
    assert Conditions(dtype="bfloat16").itemsize == 2
    assert Conditions(layout="channels_last").memory_format is torch.channels_last


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"device": "gpu"}, "device gpu is not one of cpu, cuda; did you mean cpu?"),
        ({"dtype": "float23"}, "dtype float23 is not one of float64, float32, bfloat16, float16"),
        ({"layout": "nhwc"}, "layout nhwc is not one of nchw, channels_last"),
        ({"mode": "eagre"}, "mode eagre is not one of eager, compile, export; did you mean eager?"),
        ({"threads": 0}, "threads=0 is not between 1 and 1024"),
        ({"seed": -1}, "seed=-1 is not between 0 and 2³² − 1"),
    ],
)
def test_unknown_wishes(asked: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as error:
        Conditions(**asked)  # type: ignore[arg-type]
    assert str(error.value).startswith(message)


def test_no_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(
        ArchlensError, match=r"there is no CUDA device: PyTorch .*; --device cpu is the other"
    ) as error:
        Conditions(device="cuda")
    assert not isinstance(error.value, UsageError)
