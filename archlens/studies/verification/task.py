"""Model references → networks to verify, and the checks of each, whatever sort of model it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archlens.errors import UsageError
from archlens.models.inputs import parse_inputs, parse_shapes
from archlens.models.loading import overridden
from archlens.spec.catalog import Reference, expand, find, specs
from archlens.spec.read import Value
from archlens.spec.reference import Kind, kind_of, split_model
from archlens.spec.values import show
from archlens.studies.claims import Check

__all__ = ["Task", "asked", "checked"]


@dataclass(frozen=True, slots=True)
class Task:
    """One network to verify.

    model     what finds it: a name, `my.yaml:variant`, a module, a file
    settings  what `-s` says, and for a spec what `--input` says
    input     what `--input` says
    fields    whether to check receptive fields instead
    """

    model: str
    settings: Mapping[str, Value]
    input: str | None
    fields: bool


def asked(
    models: Sequence[str] | None, settings: Mapping[str, Value], input: str | None, fields: bool
) -> list[Task]:
    """What to verify, each network once. Raises a UsageError for options that do not fit."""
    if (settings or input is not None) and (fields or not models):
        first = next((f"{name}={show(value)}" for name, value in settings.items()), None)
        option = f"-s {first}" if first else f"--input {input}"
        raise UsageError(
            f"{option}: " + ("--receptive-field takes none" if fields else "say of which network")
        )
    if not models:
        return [Task(variant, {}, None, fields) for spec in specs() for variant in spec.variants]
    tasks: dict[object, Task] = {}
    for model in (each for given in models for each in expand(given)):
        if kind_of(model) is not Kind.spec:
            if fields:
                raise UsageError(f"--receptive-field: {model} is no spec, and gradients need one")
            parse_inputs(input)
            tasks[model] = Task(model, settings, input, fields)
            continue
        reference = find(model)
        overrides = overridden(reference, settings, input)
        for variant, name in variants(reference, model):
            tasks[reference.spec.file, variant, (*reference.given.items(),)] = Task(
                name, overrides, None, fields
            )
    return [*tasks.values()]


def checked(task: Task) -> tuple[Check, ...]:
    """The checks of one network."""
    kind = kind_of(task.model)
    if kind is Kind.spec and task.fields:
        from archlens.studies.receptive_field import check_receptive_fields

        return check_receptive_fields(find(task.model))
    if kind is Kind.spec:
        from archlens.studies.verification import verify_model

        return verify_model(find(task.model, until=None), task.settings)
    if kind is Kind.onnx:
        if task.settings:
            raise UsageError(f"-s {next(iter(task.settings))}: an ONNX file has no settings")
        from archlens.studies.verification.onnx import verify_onnx

        return verify_onnx(task.model, parse_shapes(task.input))
    from archlens.studies.verification.modules import verify_module

    return verify_module(task.model, task.settings, parse_inputs(task.input))


def variants(reference: Reference, model: str) -> list[tuple[str | None, str]]:
    """What there is to verify of a reference: one variant, or each variant of a whole file, with
    what finds it.
    """
    if reference.variant is not None or not reference.spec.variants:
        return [(reference.variant, model)]
    name, _ = split_model(model)
    return [
        (variant, f"{name.rstrip(':')}:{variant}{model[len(name) :]}") for variant in reference.spec.variants
    ]
