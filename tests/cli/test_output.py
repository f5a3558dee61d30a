"""Where results go: files whole or not at all, encodings, pipes, full disks."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from archlens.cli.output import write_atomically
from archlens.errors import ArchlensError
from archlens.report.formats import FORMATS
from tests.cli.conftest import Refused, Run

CSV = ("profile", "lenet5", "--format", "csv")


def entries(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [
        CSV,
        ("profile", "lenet5"),
        ("profile", "lenet5", "-f", "json"),
        ("compare", "lenet5", "alexnet", "-f", "markdown"),
        ("list", "lenet"),
        ("spec", "show", "lenet5"),
        ("spec", "schema"),
    ],
)
def test_a_file_holds_what_stdout_would(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    file = tmp_path / "result"
    assert run(*arguments, "-o", str(file)) == (0, "", "")
    assert file.read_bytes().decode() == run(*arguments).out
    assert entries(tmp_path) == ["result"]


def test_a_file_is_as_wide_as_it_needs_to_be(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = run("profile", "resnet50").out
    monkeypatch.setenv("COLUMNS", "40")
    run("profile", "resnet50", "-o", str(tmp_path / "result"))
    assert (tmp_path / "result").read_text(encoding="utf-8") == wide


def test_an_older_file_is_replaced_and_keeps_its_permissions(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "result.csv"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    run(*CSV, "-o", str(file))
    assert file.read_text(encoding="utf-8").startswith("name,")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_new_file_has_the_usual_permissions(run: Run, tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    run(*CSV, "-o", str(tmp_path / "result.csv"))
    assert (tmp_path / "result.csv").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_stays_a_link(run: Run, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "result.csv"
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    for _ in range(2):  # a link to nothing, then one to a file
        run(*CSV, "-o", str(link))
        assert link.is_symlink()
        assert target.read_text(encoding="utf-8").startswith("name,")
    assert entries(tmp_path / "real") == ["result.csv"]


def test_links_in_a_circle(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    outcome = run(*CSV, "-o", str(tmp_path / "a"))
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing/result.csv", "No such file or directory"),
        ("folder", "Is a directory"),
        ("file/result.csv", "Not a directory"),
        ("x" * 300, "File name too long"),
    ],
)
def test_what_cannot_be_written(refused: Refused, tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    file = tmp_path / name
    assert refused(*CSV, "-o", str(file)) == f"{file}: cannot be written: {why}"
    assert entries(tmp_path) == ["file", "folder"]


def test_a_full_disk(refused: Refused) -> None:
    assert refused(*CSV, "-o", "/dev/full") == "/dev/full: cannot be written: No space left on device"


def test_a_protected_file_is_left_alone(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "result.csv"
    file.write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # root may write everywhere
    assert refused(*CSV, "-o", str(file)) == f"{file}: cannot be written: Permission denied"
    assert file.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(("place", "step"), [(Path, "write_bytes"), (os, "chmod"), (os, "replace")])
def test_a_failure_keeps_the_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: object, step: str
) -> None:
    file = tmp_path / "result"
    file.write_text("old", encoding="utf-8")

    def fail(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(place, step, fail)
    with pytest.raises(ArchlensError, match="result: cannot be written: No space left on device"):
        write_atomically(file, "new")
    assert file.read_text(encoding="utf-8") == "old"
    assert entries(tmp_path) == ["result"]


def test_an_interruption_keeps_the_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "result"
    file.write_text("old", encoding="utf-8")

    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(file, "new")
    assert file.read_text(encoding="utf-8") == "old"
    assert entries(tmp_path) == ["result"]


def test_a_wrong_model_keeps_the_older_file(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "result"
    file.write_text("old", encoding="utf-8")
    refused("profile", "lenet6", "-o", str(file))
    assert file.read_text(encoding="utf-8") == "old"


def test_ascii_text(shell: Run) -> None:
    outcome = shell("archlens profile resnet50", PYTHONIOENCODING="ascii")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.isascii()
    assert outcome.out.startswith("resnet50, input 1x3x224x224, float32\n")
    assert "?" not in outcome.out


def test_ascii_json_is_the_same_value(shell: Run) -> None:
    command = "archlens profile lenet5 --by operator --format json"
    plain, full = shell(command, PYTHONIOENCODING="ascii"), shell(command, PYTHONIOENCODING="utf-8")
    assert plain.out.isascii()
    assert not full.out.isascii()
    assert json.loads(plain.out) == json.loads(full.out)


def test_ascii_errors(shell: Run) -> None:
    outcome = shell("archlens profile 3×3", PYTHONIOENCODING="ascii:strict")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == "archlens: no model is called 3x3; `archlens list` shows all\n"


@pytest.mark.parametrize(
    "line",
    [
        "archlens profile resnet50 | head -1",
        "archlens profile densenet121 --depth 9 | true",
        "archlens spec schema | true",
        "archlens list squeezenet --format json | head -1",
        "archlens --help | true",
        "archlens --version | true",
    ],
)
def test_a_reader_that_leaves_is_no_error(shell: Run, line: str) -> None:
    assert shell(line).err == ""


def test_a_reader_that_leaves_ends_the_command_as_sigpipe_does(shell: Run) -> None:
    outcome = shell("archlens profile densenet121 --depth 9 | true; echo ${PIPESTATUS[0]}")
    assert outcome == (0, "141\n", "")


@pytest.mark.parametrize(
    "arguments",
    ["profile lenet5", "profile lenet5 -f json", "spec schema", "list lenet", "--version", "--help"],
)
def test_a_full_disk_behind_stdout(shell: Run, arguments: str) -> None:
    outcome = shell(f"archlens {arguments} > /dev/full")
    assert outcome.code == 1
    assert outcome.err.count("\n") == 1
    assert outcome.err.startswith("archlens: ")
    assert outcome.err.endswith("No space left on device\n")


def test_streams_that_are_closed(shell: Run) -> None:
    assert shell("archlens profile lenet5 >&-") == (0, "", "")
    assert shell("archlens profile lenet6 2>&-") == (1, "", "")
    assert shell("archlens profile lenet6 2>/dev/full") == (1, "", "")


@pytest.mark.parametrize("line", ["archlens {} -o /dev/stdout", "archlens {} -o /dev/stdout | cat"])
def test_stdout_by_its_name(shell: Run, run: Run, line: str) -> None:
    assert shell(line.format(" ".join(CSV))) == (0, run(*CSV).out, "")


def test_a_pipe_with_a_name(shell: Run, run: Run, tmp_path: Path) -> None:
    line = f"cd '{tmp_path}'; mkfifo pipe; cat pipe & archlens {' '.join(CSV)} -o pipe; wait"
    assert shell(line) == (0, run(*CSV).out, "")
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("extension", [*FORMATS.values(), ".dat", ""])
def test_the_extension_chooses_the_format(run: Run, tmp_path: Path, extension: str) -> None:
    file = tmp_path / f"result{extension}"
    expected = next((name for name, own in FORMATS.items() if own == extension), "text")
    assert run("profile", "lenet5", "-o", str(file)) == (0, "", "")
    assert file.read_text(encoding="utf-8") == run("profile", "lenet5", "-f", expected).out


def test_a_format_asked_for_goes_before_the_extension(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    run("profile", "lenet5", "-o", str(file), "-f", "csv")
    assert file.read_text(encoding="utf-8") == run(*CSV).out


def test_an_overwritten_file_is_said(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "result.csv"
    assert run("list", "lenet", "-o", str(file)).err == ""
    assert run("list", "lenet", "-o", str(file)).err == f"archlens: {file}: overwritten\n"


@pytest.mark.parametrize("asked", [("-f", "markdown"), ("-o", "result.md"), ("-o", "result.html")])
def test_a_missing_package_is_said_at_once(
    refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked: tuple[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "tabulate", None)
    assert " needs tabulate: pip install " in refused("measure", "nothing", *asked)
    assert entries(tmp_path) == []


def test_what_steers_a_terminal_is_printed_as_its_escape(run: Run, tmp_path: Path) -> None:
    spec = tmp_path / "steering.yaml"
    spec.write_text('input: [3, 8, 8]\nnetwork:\n  - {name: "a\\e[2Jb", do: [relu]}\n', encoding="utf-8")
    for arguments in (("profile",), ("spec", "show"), ("profile", "-f", "markdown"), ("lint",)):
        outcome = run(*arguments, str(spec))
        assert "\x1b" not in outcome.out + outcome.err
    assert "\x1b" not in run("profile", "a\x1b[2Jb").err
    assert "a\\x1b[2Jb" in run("profile", "a\x1b[2Jb").err


def test_a_message_quotes_a_line_at_most(refused: Refused) -> None:
    assert len(refused("profile", "x" * 10**5)) < 1100


@pytest.mark.parametrize("kind", ["pipe", "/dev/zero"])
def test_what_is_no_file_is_refused_at_once(shell: Run, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "net.yaml"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(kind)
    outcome = shell(f"timeout 20 '{sys.executable}' -m archlens profile '{path}'")
    assert (outcome.code, outcome.out) == (1, "")
    why = "a pipe that nobody writes to" if kind == "pipe" else "a device and no file"
    assert outcome.err == f"archlens: {path}: cannot be read: it is {why}\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("predict lenet5 --device pipe.json", 1), ("devices show pipe.json", 1),
        ("check --config pipe.toml", 2), ("calibrate --from pipe.csv --name x", 1),
        ("spec check pipe.yaml", 1), ("sweep pipe.yaml", 1), ("profile pipe.onnx", 1),
        ("profile pipe.pt2", 1), ("profile pipe.py:net", 1), ("report lenet5 --measured pipe.json", 1),
    ],
)  # fmt: skip
def test_a_pipe_without_a_writer_is_never_waited_for(
    shell: Run, tmp_path: Path, arguments: str, code: int
) -> None:
    name = next(word for word in arguments.split() if word.startswith("pipe.")).partition(":")[0]
    os.mkfifo(tmp_path / name)
    outcome = shell(f"cd '{tmp_path}'; timeout 20 '{sys.executable}' -m archlens {arguments}")
    assert (outcome.code, outcome.out) == (code, "")
    assert f"{name}: " in outcome.err
    assert "is not a file" in outcome.err or "it is a pipe that nobody writes to" in outcome.err


def test_a_pipe_with_a_writer_is_read(shell: Run, tmp_path: Path) -> None:
    sheet = '{"name": "toy", "tflops": 1, "bandwidth": "100 GB/s", "launch": "4 us"}'
    path = tmp_path / "pipe.json"
    os.mkfifo(path)
    outcome = shell(
        f"echo '{sheet}' > '{path}' & timeout 20 '{sys.executable}' -m archlens devices show '{path}'"
    )
    assert (outcome.code, outcome.err) == (0, "")
    assert "toy" in outcome.out
