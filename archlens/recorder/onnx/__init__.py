"""An ONNX file → Graph."""

try:
    import onnx  # noqa: F401
except ModuleNotFoundError as error:
    from archlens.errors import MissingDependencyError

    if error.name != "onnx":
        raise
    raise MissingDependencyError("reading an ONNX file needs onnx", extra="onnx") from error

from archlens.recorder.onnx.network import RULES, import_onnx

__all__ = ["RULES", "import_onnx"]
