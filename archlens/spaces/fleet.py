"""The front of a sweep measured: on this machine, or on each machine of a fleet that owns a device.

dask worker tcp://SCHEDULER:8786 --name board-3 --resources device=1

A worker with the resource measures one network at a time, whatever else it has threads for; what it finds is
kept in the store of the sweep under the worker's name.
"""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from typing import Any

from archlens.errors import ArchlensError
from archlens.spaces.chunks import present
from archlens.spaces.cluster import connected, gone
from archlens.spaces.job import own_files
from archlens.spaces.sweep import Found, Sweep
from archlens.version import __version__

__all__ = ["Measured", "Task", "machine_name", "measure_front", "measure_here", "measured"]

RESOURCE = "device"
LOOK = 0.5
"""Seconds between two looks at what is finished, and at who is still there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A variant that is to be measured, as data that another machine can take up.

    number    of the variant in its space; `model` its reference
    files     the user's own files behind it, with their texts
    device, threads, min_time  as `archlens measure` takes them
    version   of archlens
    """

    number: int
    model: str
    files: tuple[tuple[str, str], ...] = ()
    batch: int = 1
    device: str = "cpu"
    threads: int | None = None
    min_time: float = 2.0
    version: str = __version__


@dataclass(frozen=True, slots=True)
class Measured:
    """How long a variant took on a machine.

    seconds  the median of a batch
    content  all of the measurement, with the machine and when it began and ended
    """

    number: int
    machine: str
    seconds: float
    content: dict[str, Any]


def measure_here(task: Task) -> Measured:
    """Measure a variant on this machine. Raises an ArchlensError for what cannot run here."""
    if task.version != __version__:
        raise ArchlensError(f"a worker has archlens {__version__}, and this is {task.version}")
    from archlens.latency.requirements import require

    require()
    from archlens.latency.network.conditions import Conditions
    from archlens.latency.sampling.measure import measure
    from archlens.spec.loading import load

    conditions = Conditions(device=task.device, threads=task.threads)
    begun = time.time()
    graph = load(present(task.model, task.files), batch=task.batch)
    found = measure(replace(graph, model=task.model), conditions, min_time=task.min_time)
    content = {**found.as_dict(), "begun": begun, "ended": time.time()}
    return Measured(task.number, machine_name(), found.summary.median, content)


def machine_name() -> str:
    """What this machine is called: the name that its Dask worker was given, or the host's."""
    try:
        from distributed import get_worker

        name = str(get_worker().name)
    except (ImportError, ValueError):
        return socket.gethostname()
    return called(name, socket.gethostname())


def called(name: str, host: str) -> str:
    """The name that a worker was given, or its host's where that is only its address."""
    return host if "://" in name else name


def tasks(sweep: Sweep, chosen: Sequence[Found], **given: Any) -> list[Task]:
    """The tasks to measure: one for each variant."""
    files = own_files(sweep.space.model)
    batch = int(sweep.store.kept("identity")["batch"])
    return [Task(number=each.number, model=each.model, files=files, batch=batch, **given) for each in chosen]


def measure_front(
    sweep: Sweep,
    chosen: Sequence[Found],
    *,
    scheduler: str | None = None,
    resource: str = RESOURCE,
    seen: Callable[[Measured], None] = lambda measured: None,
    lost: Callable[[str], None] = lambda said: None,
    **given: Any,
) -> None:
    """Measure variants, each on this machine or on every worker that has the resource, and keep the results.

    seen   hears of each measurement once it is kept
    lost   hears of what could not be measured, a line each
    given  device, threads and min_time, as `archlens measure` takes them

    What a machine has measured before is not measured again. Raises an ArchlensError where no worker has the
    resource, and when the scheduler is gone.
    """
    listed = tasks(sweep, chosen, **given)
    done = {(number, machine) for number, machine, _, _ in sweep.store.measurements()}
    results = (
        here(listed, done, lost) if scheduler is None else there(listed, done, scheduler, resource, lost)
    )
    for found in results:
        sweep.store.add_measurement(found.number, found.machine, found.seconds, found.content)
        seen(found)


def here(
    listed: Sequence[Task], done: set[tuple[int, str]], lost: Callable[[str], None]
) -> Iterator[Measured]:
    """The measurements of this machine, one after the other."""
    for task in listed:
        if (task.number, machine_name()) in done:
            continue
        try:
            yield measure_here(task)
        except ArchlensError as error:
            lost(f"{task.model}: {error}")


def there(
    listed: Sequence[Task],
    done: set[tuple[int, str]],
    address: str,
    resource: str,
    lost: Callable[[str], None],
) -> Iterator[Measured]:
    """The measurements of every worker that has the resource, as they come."""
    with connected(address) as client:
        owners = {
            name: each
            for name, each in workers(client).items()
            if each.get("resources", {}).get(resource, 0) >= 1
        }
        if not owners:
            raise ArchlensError(
                f"no worker of {address} has a {resource}: start them with "
                f"`dask worker {address} --name NAME --resources {resource}=1`"
            )
        hosts = client.run(socket.gethostname, workers=list(owners))
        names = {owner: called(str(each["name"]), hosts[owner]) for owner, each in owners.items()}
        pending = {
            client.submit(
                measure_here, task, workers=[owner], resources={resource: 1}, pure=False, retries=0
            ): (task, owner)
            for owner in owners
            for task in listed
            if (task.number, names[owner]) not in done
        }
        while pending:
            time.sleep(LOOK)
            if client.status in ("closed", "closing", "connecting"):
                raise gone(address)
            alive = workers(client)
            for future in list(pending):
                task, owner = pending[future]
                if future.status == "finished" and (found := fetched(future)) is not None:
                    del pending[future]
                    yield found
                elif owner not in alive or future.status in ("cancelled", "lost"):
                    del pending[future]
                    future.cancel(force=True)
                    lost(f"{task.model} on {names[owner]}: the worker is gone")
                elif future.status == "error":
                    del pending[future]
                    lost(f"{task.model} on {names[owner]}: {future.exception(timeout=10)}")


def fetched(future: Any) -> Measured | None:
    """The result of a task; None where it was lost together with its worker."""
    try:
        found: Measured = future.result(timeout=5)
    except (TimeoutError, CancelledError, OSError):
        return None
    return found


def workers(client: Any) -> dict[str, Any]:
    """What the scheduler knows of each worker, by its address."""
    found: dict[str, Any] = client.scheduler_info(n_workers=-1).get("workers", {})
    return found


def measured(sweep: Sweep) -> list[tuple[str, Measured]]:
    """What the store has, in the order in which it was measured, with the references of the variants."""
    return [
        (sweep.variants.reference(number), Measured(number, machine, seconds, content))
        for number, machine, seconds, content in sweep.store.measurements()
    ]
