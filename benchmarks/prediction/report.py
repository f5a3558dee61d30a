"""reports/prediction.md: every table fitted and tested, in one run."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from json import loads
from pathlib import Path
from statistics import fmean

from archlens.devices.fit import Left, Timed, choices, left_out
from archlens.devices.profile import DeviceProfile
from archlens.errors import DeviceError
from archlens.report import Column, Table
from benchmarks.prediction.beside import beside
from benchmarks.prediction.counted import Counted, Key, counted
from benchmarks.prediction.errors import Errors, errors, worst_families
from benchmarks.prediction.evaluation import MODELS, floor
from benchmarks.prediction.nasbench import nasbench, times
from benchmarks.prediction.ncnn import ncnn
from benchmarks.prediction.others import Group, pixel1, pixel3, table8, torchvision
from benchmarks.prediction.outcome import Outcome, outcome, place_of
from benchmarks.prediction.profiles import made, ship
from benchmarks.prediction.recordings import FAMILIES, record_all
from benchmarks.prediction.tables import TIMM, About, timm_rows, wanted
from benchmarks.prediction.tried import tried

__all__ = ["prediction"]

ERRORS = (
    Column("networks", "networks"), Column("mape", "MAPE %"), Column("median", "median %"),
    Column("within10", "±10 %"), Column("within20", "±20 %"), Column("spearman", "Spearman"),
    Column("pairs", "pairs %"),
)  # fmt: skip
AIMS = {
    "eager GPU": ("≤ 6", "≤ 8"), "compiled GPU": ("", "≤ 8"), "CPU": ("≤ 7", "≤ 8"), "training": ("", ""),
}  # fmt: skip
"""Median errors in % that were aimed at: of the catalogue, and of all networks of timm."""
CPU = "amd-epyc-1-thread"
"""The profile that this machine is compared with."""
WHAT = (Column("table", "table", right=False), Column("model", "model", right=False), *ERRORS)


@dataclass(slots=True)
class Found:
    """What the sections that were made so far leave for later ones."""

    profiles: dict[str, DeviceProfile] = field(default_factory=dict)
    shipped: list[tuple[str, ...]] = field(default_factory=list)
    rows: dict[str, list[tuple[Key, Timed]]] = field(default_factory=dict)
    aims: list[tuple[str, ...]] = field(default_factory=list)


def prediction(
    tables: Path, cache: Path, profiles: Path | None, *, only_kept: bool = False, here: Path | None = None
) -> Iterator[Table]:
    """The tables of the report, each as it is made.

    tables     the folder of measured times
    cache      where the recordings of timm's networks are
    profiles   where profiles that ship are written; None writes none
    only_kept  only tables of timm's that an earlier run has come to the end of
    here       what was measured on this machine, as `archlens measure -f json` writes it
    """
    found = Found()
    networks = wanted(tables)
    if find_spec("timm") and not only_kept:
        for sentence in record_all(networks, cache):
            print(sentence, file=sys.stderr)
    counts = counted(networks, cache)
    families = loads((cache / FAMILIES).read_text(encoding="utf-8"))
    yield from timm_tables(tables, cache, counts, families, profiles, found, only_kept)
    yield floors(found)
    yield from other_tables(tables, profiles, found)
    yield printed_table8()
    yield nas_table(tables)
    if here:
        yield beside(here, CPU)
    yield aims_table(found)
    yield shipped_table(found)
    yield tried()


def timm_tables(
    tables: Path,
    cache: Path,
    counts: Mapping[Key, Counted],
    families: Mapping[str, str],
    profiles: Path | None,
    found: Found,
    only_kept: bool,
) -> Iterator[Table]:
    """All of timm, its catalogue part, the worst families and the coverage of intervals."""
    everything, catalogue, worst, covered = [], [], [], []
    for about in TIMM:
        print(f"{about.file} …", file=sys.stderr, flush=True)
        rows = found.rows[about.name] = timm_rows(tables, about, counts, families)
        if only_kept and not place_of(cache, about, rows).exists():
            print(f"{about.file} is left out: no run has come to its end", file=sys.stderr)
            continue
        came = outcome(tables, cache, about, rows, counts)
        found.profiles[about.name] = came.profile
        found.shipped.append(shipped_row(came.profile, ship(came.profile, profiles)))
        everything += lines(about.file, came.everything)
        catalogue += lines(about.file, came.catalogue)
        found.aims.append(aim(about, came))
        worst.append(worst_line(about, came.everything[MODELS[3]]))
        covered.append((about.file, *(f"{100 * share:.1f}" for share in came.covered)))
        for line in everything[-1:] + catalogue[-2:] + covered[-1:]:
            print("  ", *line, file=sys.stderr, flush=True)
    yield Table(
        WHAT, tuple(everything), title="All of timm, model files left out",
        footer=(
            f"Of networks that were recorded: {len(counts)} names and sizes of the {len(wanted(tables))} "
            "that the tables have.",
        ),
    )  # fmt: skip
    yield Table(WHAT, tuple(catalogue), title="Networks of the catalogue, families left out")
    yield Table(
        (Column("table", "table", right=False), Column("families", "furthest off, ours", right=False)),
        tuple(worst), title="Worst model files: predicted over measured",
    )  # fmt: skip
    yield Table(
        (Column("table", "table", right=False), Column("n", "of networks %"), Column("f", "of families %")),
        tuple(covered), title="What 90 % intervals cover of families unseen, eight random halves",
    )  # fmt: skip


def lines(table: str, models: Mapping[str, Sequence[Left]]) -> list[tuple[str, ...]]:
    """A line a model."""
    return [
        (table if number == 0 else "", model, *of(left).cells())
        for number, (model, left) in enumerate(models.items())
    ]


def of(left: Sequence[Left]) -> Errors:
    """Errors of what was left out."""
    return errors([each.predicted for each in left], [each.row.seconds for each in left])


def aim(about: About, came: Outcome) -> tuple[str, ...]:
    """What was aimed at for a table of this kind, and what was reached."""
    all_networks = of(came.everything[MODELS[3]])
    own, other = (of(left) for left in list(came.catalogue.values())[-2:])
    catalogue, everything = AIMS[about.kind]
    return (
        about.file, everything, f"{100 * all_networks.median:.1f}", catalogue,
        f"{100 * own.median:.1f} / {100 * other.median:.1f}",
        f"{100 * own.within10:.0f} / {100 * other.within10:.0f}",
        f"{100 * came.covered[0]:.0f} / {100 * came.covered[1]:.0f}",
    )  # fmt: skip


def aims_table(found: Found) -> Table:
    """Aims beside what was reached."""
    columns = (
        Column("table", "table", right=False), Column("aim", "aim, all of timm"),
        Column("all", "median % of all"), Column("aims", "aim, catalogue"), Column("own", "median % of it"),
        Column("within10", "±10 % of it"), Column("covered", "intervals cover %"),
    )  # fmt: skip
    footer = (
        "Of the catalogue: fitted to its networks alone / to other model files of timm. Aimed at were also, "
        "for eager GPUs, 70 % of the catalogue within ±10 %, and 90 % intervals that cover 88 to 92 % of what"
        " was measured of unseen families: of networks / of families.",
        "int8 in TFLite, where 5 % was aimed at, has 16 of its 20 networks in one family: with that left "
        "out, four networks are left to fit five terms to.",
        "A transformer of the catalogue is predicted as it is written, attention as products and a softmax: "
        "on an RTX 4090 10 to 28 % longer than timm's at 224×224, which runs attention as one operator; its "
        "Swins are predicted 14 % shorter.",
    )
    return Table(columns, tuple(found.aims), title="Aims", footer=footer)


def worst_line(about: About, left: Sequence[Left]) -> tuple[str, str]:
    """The families that are furthest off."""
    listed = worst_families((each.row.family, each.predicted, each.row.seconds) for each in left)
    return about.file, ", ".join(f"{name} ({count}) {100 * off:+.0f} %" for name, count, off in listed)


def floors(found: Found) -> Table:
    """The same card under other software, after one scale factor."""
    pairs = (
        ("rtx4090-torch2.4", "rtx4090"), ("rtx4090-compiled-torch2.4", "rtx4090-compiled"),
        ("rtx3090", "rtx3090-nhwc"),
    )  # fmt: skip
    rows = [
        (f"{one} → {other}", *errors(*floor(found.rows[one], found.rows[other])).cells())
        for one, other in pairs
    ]
    columns = (Column("pair", "tables", right=False), *ERRORS)
    return Table(columns, tuple(rows), title="The floor: the same card, other software or layout")


def other_tables(tables: Path, profiles: Path | None, found: Found) -> Iterator[Table]:
    """Phones, boards and older GPUs."""
    rows = []
    groups = [*pixel3(tables), pixel1(tables), *torchvision(tables), *ncnn(tables)]
    for group in sorted(groups, key=lambda each: "int8" in str(each.about["name"])):
        name = str(group.about["title"])
        try:
            profile, left = made(group.about, group.rows, alike(group, found))
        except DeviceError as error:
            found.shipped.append((name, "", "", "", "", "", "", f"does not ship: {error}"))
            continue
        word = ship(profile, profiles)
        if profile.name not in found.profiles:
            found.profiles[profile.name] = profile
        found.shipped.append(shipped_row(profile, word))
        rows.append((name, word, *of(left).cells()))
    columns = (Column("device", "device", right=False), Column("ships", "", right=False), *ERRORS)
    yield Table(columns, tuple(rows), title="Phones, boards and older GPUs, families left out")


def alike(group: Group, found: Found) -> list[DeviceProfile]:
    """Profiles of the same kind of device, whose ratios a small table takes."""
    name = str(group.about["name"])
    if name == "pixel1" or name == "pixel3-int8":
        return [found.profiles["pixel3"]]
    return []


def printed_table8() -> Table:
    """ShuffleNet V2's Table 8, each family predicted from the others."""
    columns = (
        Column("device", "device", right=False), Column("network", "network", right=False),
        Column("printed", "printed ms"), Column("predicted", "predicted ms"), Column("off", "off %"),
    )  # fmt: skip
    rows = []
    footer = []
    for device, timed in table8().items():
        left = left_out(timed, choices(timed))
        footer.append(f"{device}: " + said(of(left)))
        for number, each in enumerate(sorted(left, key=lambda one: (one.row.family, one.row.seconds))):
            rows.append((
                device if number == 0 else "", each.row.model, f"{1e3 * each.row.seconds:.2f}",
                f"{1e3 * each.predicted:.2f}", f"{100 * (each.predicted / each.row.seconds - 1):+.1f}",
            ))  # fmt: skip
    title = "ShuffleNet V2's Table 8 as printed, each family predicted from the others"
    return Table(columns, tuple(rows), title=title, footer=tuple(footer))


def said(found: Errors) -> str:
    """Errors in a sentence."""
    return (
        f"MAPE {100 * found.mape:.1f} %, median {100 * found.median:.1f} %, Spearman {found.spearman:.3f}, "
        f"{100 * found.pairs:.0f} % of pairs in the right order."
    )


def nas_table(tables: Path) -> Table:
    """NAS-Bench-201 by ten samples."""
    print("nasbench201 …", file=sys.stderr, flush=True)
    results = nasbench(times(tables))
    rows = []
    for device, pair in results.items():
        for kind, each in zip(("five terms", "ours"), pair, strict=True):
            rows.append((device, kind, *each.cells()))
    means = [fmean(pair[kind].spearman for pair in results.values()) for kind in (0, 1)]
    footer = (
        f"Mean Spearman of the eight devices: {means[0]:.3f} with five terms, {means[1]:.3f} with ours, "
        "kinds of work 0.7 apart, the eager view. Published: HELP 0.932, ten samples, the mean of six other "
        "devices; BRP-NAS 0.789, 900 samples.",
        "Ten cells drawn at random, the others predicted; the mean of ten draws. The Pixel 3's column holds "
        "some times of microseconds, which no network takes.",
    )
    title = "NAS-Bench-201, ten samples of a device"
    return Table(WHAT, tuple(rows), title=title, footer=footer)


def shipped_row(profile: DeviceProfile, word: str) -> tuple[str, ...]:
    """A profile and its evidence in a line."""
    evidence = profile.evidence
    if evidence is None:
        raise DeviceError(f"{profile.name} has no evidence")
    return (
        profile.name, profile.title, profile.view, f"{evidence.networks} of {evidence.families}",
        f"{100 * evidence.median:.1f}", f"{100 * evidence.within10:.0f}",
        f"×{evidence.low:.2f} to ×{evidence.high:.2f}", word,
    )  # fmt: skip


def shipped_table(found: Found) -> Table:
    """Every profile that was fitted."""
    columns = (
        Column("name", "profile", right=False), Column("title", "device", right=False),
        Column("view", "view", right=False), Column("networks", "networks of families"),
        Column("median", "median %"), Column("within10", "±10 %"), Column("interval", "90 % interval"),
        Column("word", "", right=False),
    )  # fmt: skip
    return Table(columns, tuple(found.shipped), title="Profiles")
