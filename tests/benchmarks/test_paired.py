"""The rows of comparisons that were made many times."""

from archlens.latency.statistics.ratio import Ratio
from benchmarks.paired import row


def test_a_row_is_of_all_repetitions() -> None:
    found = [
        Ratio(model="b", baseline="a", ratio=ratio, interval=(0.9, 1.2), strict=(0.8, 1.3))
        for ratio in (1.0, 1.1, 0.9)
    ]
    shown = row("a beside itself", found, "names a winner 0 times")
    assert shown.samples is not None
    assert (shown.samples.low, shown.samples.median, shown.samples.high) == (0.9, 1.0, 1.1)
    assert (shown.subject, shown.contestant, shown.unit) == ("latency: a beside itself", "3 comparisons", "×")
