"""Every count of a network beside counts that share no code with ours.

specs.py     a spec, built in PyTorch
modules.py   a PyTorch module
onnx.py      an ONNX file
counters.py  other counters, and what each of them passes over
observed.py  one run of a module, as PyTorch itself sees it
repeated.py  runs on the meta device, without working out the same operator twice
"""

import archlens.studies.verification.counters  # noqa: F401  # says what to install where it is missing
from archlens.studies.verification.specs import run_on_meta, verify_model

__all__ = ["run_on_meta", "verify_model"]
