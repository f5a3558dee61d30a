"""What was worked out before: operators, what their rules say, and sections, by all that they depend on.

Rules are pure and blocks see their arguments and the settings only, so repeated work is done once: in one
network, and in all networks that are lowered with the same memo.
"""

from collections.abc import Mapping

from archlens.ops import Op, Shapes
from archlens.spec.items import Spec
from archlens.spec.read import Value
from archlens.spec.reads import Reads, reads_of
from archlens.spec.section import Applied, Section

__all__ = ["Memo", "Settled"]

MOST = 100_000
"""So many sections are new; then they are the old ones, and those that were old are forgotten. Memory stays
flat, and what is asked for again and again is never lost. The space of a ResNet has some ten thousand."""

Key = tuple[object, ...]
Names = tuple[str, ...] | None
"""The settings that a section reads; None for one of shared blocks only, which is the same for every spec."""
Sections = dict[Key, dict[Names, dict[Key, Section]]]


class Memo:
    """What a lowering may look up. It grows to a bound; then what was not asked for of late is forgotten.

    thorough    whether every part is kept, as pays where many networks are lowered; else what is likely to
                come again in the same one
    applied     what operators come to, by class, shapes that they are fed, and the text of their attributes,
                which tells 1 from 1.0 and true
    generation  how often something was forgotten
    """

    def __init__(self, *, thorough: bool = True) -> None:
        self.thorough = thorough
        self.applied: dict[tuple[type[Op], Shapes, str], Applied] = {}
        self._operators: dict[tuple[type[Op], str], Op] = {}
        self.generation = 0
        self._sections: Sections = {}
        self._old: Sections = {}
        self._count = 0
        self._reads: dict[int, Reads] = {}
        self._specs: dict[int, Spec] = {}

    def reads(self, spec: Spec) -> Reads:
        """Which settings each part of a spec reads, worked out before it is lowered.

        The spec is kept, as keys hold the identity of its parts.
        """
        if len(self.applied) >= MOST:
            self.turn()
        if (found := self._reads.get(id(spec))) is None:
            self._specs[id(spec)] = spec
            found = self._reads[id(spec)] = reads_of(spec)
        return found

    def operator(self, target: type[Op], values: Mapping[str, Value]) -> Op:
        """The operator with these attributes, one object for equal ones. Raises an OperatorError."""
        key = (target, repr(values))
        if (op := self._operators.get(key)) is None:
            op = self._operators[key] = target(**values)
        return op

    def find(self, key: Key, settled: "Settled") -> Section | None:
        """The section that was kept for a key and settings that are the same wherever it reads them."""
        for names, sections in self._sections.get(key, {}).items():
            if (found := sections.get(settled.text(names))) is not None:
                return found
        for names, sections in self._old.get(key, {}).items():
            if (found := sections.get(settled.text(names))) is not None:
                self.keep(key, found, names, settled)
                return found
        return None

    def keep(self, key: Key, section: Section, names: Names, settled: "Settled") -> None:
        """Keep a section under the values of the settings that it reads."""
        if self._count >= MOST or len(self.applied) >= MOST:
            self.turn()
        self._count += 1
        self._sections.setdefault(key, {}).setdefault(names, {})[settled.text(names)] = section

    def turn(self) -> None:
        """Forget the old sections, and operators: those that are new grow old."""
        self._operators.clear()
        self.applied.clear()
        self._old, self._sections = self._sections, {}
        self._count = 0
        self.generation += 1


class Settled:
    """The settings of one network, from which the keys of kept sections are made."""

    def __init__(self, spec: Spec, settings: Mapping[str, Value]) -> None:
        self._spec = id(spec)
        self._settings = settings
        self._texts: dict[Names, Key] = {None: ()}

    def text(self, names: Names) -> Key:
        """The spec and the values of some settings, told apart as their text is."""
        if (found := self._texts.get(names)) is None:
            values = [self._settings.get(name) for name in names or ()]
            found = self._texts[names] = (self._spec, repr(values))
        return found
