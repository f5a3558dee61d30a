"""Rows of ncnn's table, beside a table written by hand."""

from pathlib import Path

import pytest

from benchmarks.prediction.ncnn import BOARDS, NETWORKS, Board, ncnn

HEADER = "device,engine,precision,layout,threads,batch,phase,model,input,seconds\n"
BOARD = "Raspberry Pi 5 Broadcom BCM2712, Cortex-A76 (ARMv8) (2.4GHz x 4)"


def table(folder: Path, networks: int) -> Path:
    """Times of a board on one, two and four threads, its GPU, and a device that nobody asked for."""
    kinds = [("ncnn CPU", threads) for threads in (1, 2, 4)] + [("ncnn Vulkan", 1)]
    lines = [
        f'"{device}",{engine},{precision},,{threads},1,inference,{model},,{seconds}\n'
        for device in (BOARD, "Somebody's computer")
        for engine, threads in kinds
        for precision in ("float16/32", "int8")
        for model in [*list(NETWORKS)[:networks], "blazeface"]
        for seconds in (0.03, 0.01, 0.011)
    ]
    (folder / "ncnn.csv").write_text(HEADER + "".join(lines), encoding="utf-8")
    return folder


def test_one_thread_the_most_threads_and_the_gpu(tmp_path: Path) -> None:
    groups = ncnn(table(tmp_path, 12))
    assert {str(group.about["name"]) for group in groups} == {
        "raspberry-pi-5-ncnn-1-thread", "raspberry-pi-5-ncnn-4-threads", "raspberry-pi-5-ncnn-vulkan",
    }  # fmt: skip
    assert all(len(group.rows) == 12 for group in groups)
    assert {row.seconds for group in groups for row in group.rows} == {0.011}


def test_eleven_networks_are_too_few(tmp_path: Path) -> None:
    assert ncnn(table(tmp_path, 11)) == []


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_no_device_is_taken_for_another(board: Board) -> None:
    assert sum(other.begins.startswith(board.begins) for other in BOARDS) == 1
