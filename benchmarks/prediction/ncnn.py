"""ncnn's own table: phones, boards and small computers, fourteen networks of the catalogue each."""

from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import NamedTuple

from archlens.devices.fit import Timed, timed
from benchmarks.prediction.others import Group, network
from benchmarks.prediction.tables import measured

__all__ = ["ncnn"]

NETWORKS = {
    "squeezenet": ("squeezenet1_1", 227), "mobilenet": ("mobilenet_v1", 224),
    "mobilenet_v2": ("mobilenet_v2", 224), "mobilenet_v3": ("mobilenet_v3_large", 224),
    "shufflenet": ("shufflenet_v1_g3", 224), "shufflenet_v2": ("shufflenet_v2_x1_0", 224),
    "mnasnet": ("mnasnet1_0", 224), "efficientnet_b0": ("efficientnet_b0", 224),
    "regnety_400m": ("regnety_400mf", 224), "googlenet": ("googlenet", 224), "resnet18": ("resnet18", 224),
    "alexnet": ("alexnet_paper", 227), "vgg16": ("vgg16", 224), "resnet50": ("resnet50", 224),
}  # fmt: skip
"""ncnn's networks that the catalogue has, by the widths and weights of its benchmark/*.param, and the sides
of its benchncnn.cpp."""
LEAST = 12
"""With fewer of them a device is left out."""


class Board(NamedTuple):
    """A device of the table: how its row begins, and how we call it."""

    begins: str
    name: str
    title: str


BOARDS = tuple(
    Board(*row)
    for row in (
        ("Raspberry Pi 5 Broadcom BCM2712, Cortex-A76", "raspberry-pi-5", "Raspberry Pi 5"),
        ("Raspberry Pi 3 Model B+", "raspberry-pi-3b-plus", "Raspberry Pi 3B+"),
        ("NVIDIA Jetson Orin Nano", "jetson-orin-nano", "Jetson Orin Nano"),
        ("NVIDIA Jetson AGX Orin", "jetson-agx-orin", "Jetson AGX Orin"),
        ("NVIDIA Jetson TX2 NX", "jetson-tx2-nx", "Jetson TX2 NX"),
        ("Qualcomm SM8550-AB", "snapdragon-8-gen-2", "Snapdragon 8 Gen 2"),
        ("Qualcomm Snapdragon 888", "snapdragon-888", "Snapdragon 888"),
        ("Qualcomm MSM8998", "snapdragon-835", "Snapdragon 835"),
        ("Qualcomm MSM8994", "snapdragon-810", "Snapdragon 810"),
        ("Qualcomm MSM6150", "snapdragon-675", "Snapdragon 675"),
        ("Qualcomm SDM660", "snapdragon-660", "Snapdragon 660"),
        ("MacBook Pro (13-inch, M1", "macbook-pro-m1", "MacBook Pro 13 M1"),
        ("Rockchip RK3588 ", "rk3588", "Rockchip RK3588"),
        ("Rockchip RK3399 ", "rk3399", "Rockchip RK3399"),
        ("Rock3A", "rock-3a", "Rock 3A, RK3568"),
        ("OrangePicm4", "orange-pi-cm4", "Orange Pi CM4, RK3566"),
        ("OrangePi Zero 2", "orange-pi-zero-2", "Orange Pi Zero 2"),
        ("NanoPi R2S", "nanopi-r2s", "NanoPi R2S, RK3328"),
        ("Banana Pi M2 Zero 2", "banana-pi-m2-zero", "Banana Pi M2 Zero"),
        ("Khadas VIM3", "khadas-vim3", "Khadas VIM3"),
        ("Arduino UNO Q", "arduino-uno-q", "Arduino UNO Q"),
        ("T-Head TH1520", "th1520", "T-Head TH1520, RISC-V"),
        ("HUAWEI KunPeng 920", "kunpeng-920", "Kunpeng 920"),
        ("Phytium FT-2000+", "phytium-ft2000", "Phytium FT-2000+"),
        ("Loongson 3A6000", "loongson-3a6000", "Loongson 3A6000"),
        ("Intel Atom x5-Z8350", "atom-x5-z8350", "Atom x5-Z8350"),
        ("AMD Ryzen Embedded V1605B", "ryzen-v1605b", "Ryzen Embedded V1605B"),
        ("AMD Ryzen 9 5950X", "ryzen-9-5950x", "Ryzen 9 5950X"),
        ("Intel® Core™ i7-13700K", "i7-13700k", "Core i7-13700K"),
        ("Microsoft Azure Standard D64s v6", "azure-d64s-v6", "Azure D64s v6"),
    )
)
"""Those of the table's devices that somebody may look for by name."""


def ncnn(folder: Path) -> list[Group]:
    """A profile for each device: its CPU with one thread and with the most that were tried, and its GPU.

    Networks in half or single precision, as ncnn chooses; those in int8 are six, too few. The median of
    several runs of a network.
    """
    times: dict[tuple[Board, str, int], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in measured(folder, "ncnn"):
        board = next((each for each in BOARDS if row.cells["device"].startswith(each.begins)), None)
        if board and row.model in NETWORKS and row.cells["precision"] == "float16/32":
            unit = row.cells["engine"].split()[1]
            threads = int(row.cells["threads"]) if unit == "CPU" else 0
            times[board, unit, threads][row.model].append(row.seconds)
    most: dict[Board, int] = defaultdict(int)
    for board, _, threads in times:
        most[board] = max(most[board], threads)
    return [
        group_of(*key, by_model)
        for key, by_model in sorted(times.items())
        if len(by_model) >= LEAST and key[2] in (0, 1, most[key[0]])
    ]


def group_of(board: Board, unit: str, threads: int, times: dict[str, list[float]]) -> Group:
    """The rows of a device and what its profile says of it."""
    suffix = {0: "vulkan", 1: "1-thread"}.get(threads, f"{threads}-threads")
    about = {
        "name": f"{board.name}-ncnn-{suffix}", "title": f"{board.title}, ncnn {unit}{said(threads)}",
        "device": board.title, "engine": "ncnn", "dtype": "float16", "threads": threads or None,
        "source": "Tencent/ncnn, benchmark/README", "licence": "BSD-3",
    }  # fmt: skip
    return Group(about, [row_of(name, seconds) for name, seconds in times.items()])


def said(threads: int) -> str:
    """The threads in a title; none of a GPU."""
    return f", {threads} thread{'s' * (threads > 1)}" if threads else ""


def row_of(name: str, seconds: list[float]) -> Timed:
    """A network and its time."""
    model, side = NETWORKS[name]
    return timed(network(model, side), median(seconds), batch=1)
