"""An ONNX file without its weights: what is left when the bytes of large tensors are passed over.

ONNX is a protocol buffer: fields with a number and a length, one inside the other. Weights are nearly
all of a file and no count needs them, so they are skipped by their length and never held in memory.
"""

import io
import os
from dataclasses import dataclass
from typing import BinaryIO

from onnx import TensorProto

from archlens.recorder.onnx.tensors import check_held
from archlens.recorder.onnx.trouble import OnnxError

__all__ = ["skeleton"]

SMALL = 4096
"""Bytes up to which a part is kept as it is: shapes and axes are smaller, weights are larger."""

UNREAD = 2**22
"""Bytes of such parts that are kept without a look into them. A file with more has all its fields counted."""

MAX_KEPT = 2**25
MAX_FIELDS = 1_000_000
MAX_DEPTH = 60

VARINT, FIXED_64, BYTES, FIXED_32 = 0, 1, 2, 5

FIELDS: dict[str, dict[int, str]] = {
    "model": {1: "", 7: "graph", 8: "operators", 25: "function"},
    "operators": dict.fromkeys((1, 2), ""),
    "graph": {1: "node", 2: "", 5: "tensor", 11: "named", 12: "named", 13: "named", 15: "nothing"},
    "function": {
        **dict.fromkeys((1, 4, 5, 6, 10, 13), ""), 7: "node", 9: "operators", 11: "attribute", 12: "named",
    },
    "node": {**dict.fromkeys((1, 2, 3, 4, 7, 8), ""), 5: "attribute", 9: "entry"},
    "entry": dict.fromkeys((1, 2), ""),
    "attribute": {
        **dict.fromkeys((1, 2, 3, 4, 7, 8, 9, 20, 21), ""),
        5: "tensor", 6: "graph", 10: "tensor", 11: "graph",
    },
    "tensor": dict.fromkeys((1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 14), ""),
    "named": {1: "", 2: "type", 4: "entry"},
    "type": {1: "array", 4: "nothing", 5: "nothing", 8: "nothing", 9: "nothing"},
    "array": {1: "", 2: "shape"},
    "shape": {1: "length"},
    "length": dict.fromkeys((1, 2), ""),
    "nothing": {},
}  # fmt: skip
"""The fields of each message that are read, by their numbers in the ONNX standard, and what is in them.

"" is a number, a word, or a list of numbers. Other fields, such as comments, are passed over.
"""

TENSOR_DATA = frozenset({4, 5, 6, 7, 9, 10, 11})
RAW_DATA = 9
DATA_LOCATION = b"\x70\x01"
"""Field 14 with the value EXTERNAL: the data are somewhere else."""


@dataclass(slots=True)
class Scan:
    """One pass through a file: where it stands, and how much it has seen and kept."""

    file: BinaryIO
    kept: int = 0
    fields: int = 0

    def varint(self, end: int) -> int:
        """Read an integer of up to 64 bits, of which each byte holds seven."""
        value = 0
        for shift in range(0, 70, 7):
            byte = self.take(1, end)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise OnnxError("is no ONNX file: a number has no end")

    def room(self, length: int, end: int) -> int:
        """Read a length, and check that so many bytes are left of the message."""
        left = end - self.file.tell()
        if length > left:
            place = self.file.tell()
            raise OnnxError(
                f"is cut short or no ONNX file: byte {place} announces {length} bytes, {left} are there"
            )
        return length

    def take(self, length: int, end: int) -> bytes:
        """The next bytes, none of them beyond the end of the message."""
        return self.file.read(self.room(length, end))

    def keep(self, data: bytes) -> bytes:
        """Count the bytes that are kept, and refuse a file that needs more than the bound."""
        self.kept += len(data)
        if self.kept > MAX_KEPT:
            raise OnnxError(f"holds more than {MAX_KEPT >> 20} MiB besides its weights")
        return data


def skeleton(file: BinaryIO) -> bytes:
    """The model as bytes that the onnx package parses; large tensors in it say that they are external.

    Raises an OnnxError for bytes that are no model, and for one that is large even so.
    """
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    return message(Scan(file), "model", end, 0)


def message(scan: Scan, kind: str, end: int, depth: int) -> bytes:
    """One message up to its end, its large parts without their data."""
    if depth > MAX_DEPTH:
        raise OnnxError(f"has graphs in graphs, more than {MAX_DEPTH // 3} deep")
    kept = io.BytesIO()
    skipped: dict[int, int] = {}
    fields = FIELDS[kind]
    while scan.file.tell() < end:
        scan.fields += 1
        if scan.fields > MAX_FIELDS:
            raise OnnxError(f"has more than {MAX_FIELDS} fields besides its weights")
        tag = scan.varint(end)
        number, wire = tag >> 3, tag & 7
        if wire == VARINT:
            data = varint(scan.varint(end))
        elif wire in (FIXED_64, FIXED_32):
            data = scan.take(8 if wire == FIXED_64 else 4, end)
        elif wire == BYTES:
            length = scan.room(scan.varint(end), end)
            part = fields.get(number)
            large = kind == "tensor" and number in TENSOR_DATA and length > SMALL
            if large or part is None:
                scan.file.seek(length, os.SEEK_CUR)
                if large:
                    skipped[number] = skipped.get(number, 0) + length
                continue
            if part and (length > SMALL or scan.kept > UNREAD):
                data = message(scan, part, scan.file.tell() + length, depth + 1)
            else:
                data = scan.keep(scan.take(length, end))
            data = varint(len(data)) + data
        else:
            raise OnnxError(f"is no ONNX file: a field of type {wire} stands at byte {scan.file.tell()}")
        if number in fields:
            kept.write(varint(tag) + data)
    return emptied(kept.getvalue(), skipped) if skipped else kept.getvalue()


def emptied(kept: bytes, skipped: dict[int, int]) -> bytes:
    """A tensor whose data were passed over, if they were as many as it declares."""
    try:
        tensor = TensorProto.FromString(kept)
    except Exception as error:
        raise OnnxError("is no ONNX file: a tensor cannot be read") from error
    check_held(tensor, raw=skipped.get(RAW_DATA), typed=sum(skipped.values()))
    return kept + DATA_LOCATION


def varint(value: int) -> bytes:
    """The bytes of an integer as a protocol buffer writes it."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
