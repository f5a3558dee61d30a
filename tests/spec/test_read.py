"""YAML as the specs take it: YAML 1.2's scalars, lines, and nothing that hides a cost."""

from pathlib import Path

import pytest

from archlens.errors import SpecError
from archlens.spec.read import Mapping, Scalar, Sequence, Value, plain, read, read_file


def scalar(text: str) -> object:
    data = read(f"value: {text}").entries["value"]
    assert isinstance(data, Scalar)
    return data.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("on", "on"), ("off", "off"), ("yes", "yes"), ("y", "y"), ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"), ("1_000", "1_000"), ("0b11", "0b11"), ("=", "="),
        ("12", 12), ("-12", -12), ("+12", 12), ("0", 0), ("010", 10), ("0o7", 7), ("0o17", 15), ("0x1F", 31),
        ("0o8", "0o8"), ("0xg", "0xg"), ("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0),
        ("-1.5e-3", -0.0015),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
        ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None), ("tRUE", "tRUE"),
        ("'12'", "12"), ('"true"', "true"), ("''", ""), ('"\\u00e9"', "é"), ("a b", "a b"),
        ("relu # x", "relu"),
        ("999999999999999", 999999999999999), ("1.2.3", "1.2.3"), ("+", "+"), (".", "."), ("3x3", "3x3"),
    ],
)  # fmt: skip
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    found = scalar(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1234567890123456", "<text>:1: 1234567890123456… has more than 15 digits"),
        ("1e15", "<text>:1: 1e15 is too large a number"),
        ("-.inf", "<text>:1: -.inf is not a finite number"),
        (".NaN", "<text>:1: .NaN is not a finite number"),
    ],
)
def test_numbers_are_bounded(text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        scalar(text)
    assert str(caught.value) == message


def test_every_value_knows_its_line() -> None:
    root = read("a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n# comment\ne: |\n  text\n")
    assert root.lines == {"a": 1, "b": 2, "e": 7}
    listed = root.entries["b"]
    assert isinstance(listed, Sequence)
    inner = listed.items[1]
    assert isinstance(inner, Mapping)
    assert (listed.line, listed.items[0].line, inner.line, inner.lines) == (3, 3, 4, {"c": 4, "d": 5})


@pytest.mark.parametrize(
    ("text", "value"), [("[1, [2, x], true]", (1, (2, "x"), True)), ("[]", ()), ("7", 7), ("~", None)]
)
def test_plain_forgets_the_lines(text: str, value: Value) -> None:
    assert plain(read(f"value: {text}").entries["value"]) == value


@pytest.mark.parametrize("text", ["{a: 1}", "[{a: 1}]", f"[{'1, ' * 1000}]"])
def test_plain_refuses_mappings_and_huge_lists(text: str) -> None:
    with pytest.raises(ValueError, match=r"a mapping is not a value|more than 1000 elements"):
        plain(read(f"value: {text}").entries["value"])


def test_keys_are_words_whatever_they_look_like() -> None:
    assert list(read("1: a\nno: b\n'x y': c\n").entries) == ["1", "no", "x y"]


def test_half_a_character_is_refused() -> None:
    with pytest.raises(SpecError, match="U\\+D800 is not part of YAML text"):
        read("a: \ud800")


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfa: 1\n", b"a: 1\r\n", b"%YAML 1.2\n---\na: 1\n...\n"])
def test_byte_order_marks_line_ends_and_directives_do_not_matter(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.yaml").write_bytes(raw)
    assert read_file(tmp_path / "a.yaml").entries == {"a": Scalar(1, 3 if raw.startswith(b"%") else 1)}


@pytest.mark.parametrize(
    ("path", "reason"),
    [("none.yaml", "No such file or directory"), (".", "Is a directory"), ("a\0.yaml", "embedded null byte")],
)
def test_a_file_that_cannot_be_read(path: str, reason: str) -> None:
    with pytest.raises(SpecError, match=f"cannot be read: {reason}"):
        read_file(Path(path))
