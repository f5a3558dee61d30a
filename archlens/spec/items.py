"""What a spec is made of, once its text has been read: frozen values that `lower` walks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from archlens.ops.operator import Op
from archlens.quantity import Quantity
from archlens.spec.expressions import Expression
from archlens.spec.read import Value
from archlens.spec.settings import Setting

__all__ = [
    "Accuracy",
    "Block",
    "Branches",
    "Broken",
    "Call",
    "Chain",
    "Choice",
    "Claim",
    "From",
    "Group",
    "Item",
    "Let",
    "Loop",
    "Require",
    "Spec",
    "Structure",
    "Tap",
    "Use",
]


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a block at work: `relu`, `{conv: {out: 64}}`."""

    line: int
    target: "type[Op] | str"
    arguments: tuple[tuple[str, Expression], ...]
    name: Expression | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """An operator or a block whose name is a value: `{use: block, with: {width: 64}}`."""

    line: int
    target: Expression
    arguments: tuple[tuple[str, Expression], ...]
    name: Expression | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A named part of the network, a row of the table: `{name: stem, do: […]}`."""

    line: int
    name: Expression
    body: "Chain"


@dataclass(frozen=True, slots=True)
class Loop:
    """Lists walked side by side: `{each: {out: widths, depth: depths}, do: […]}`."""

    line: int
    variables: tuple[tuple[str, Expression], ...]
    name: Expression | None
    body: "Chain"


@dataclass(frozen=True, slots=True)
class Let:
    """Names for values: `{let: {mid: out // 4}, do: […]}`; each sees those before it."""

    line: int
    bindings: tuple[tuple[str, Expression], ...]
    body: "Chain"


@dataclass(frozen=True, slots=True)
class Choice:
    """`{if: stride > 1, then: […], else: […]}`."""

    line: int
    condition: Expression
    then: "Chain"
    otherwise: "Chain"


@dataclass(frozen=True, slots=True)
class Branches:
    """Chains side by side whose results are joined: `{add: […]}`, `{split: 2, concat: […]}`."""

    line: int
    join: type[Op]
    split: Expression | None
    branches: tuple["Chain", ...]


@dataclass(frozen=True, slots=True)
class Tap:
    """`{tap: name}`: the current tensor gets a name."""

    line: int
    name: Expression


@dataclass(frozen=True, slots=True)
class From:
    """`{from: name}`: the tensor of that name becomes the current one."""

    line: int
    name: Expression


@dataclass(frozen=True, slots=True)
class Require:
    """`{require: in_height % 32 == 0, message: "…"}`: what the input or the settings must meet."""

    line: int
    condition: Expression
    message: Expression


@dataclass(frozen=True, slots=True)
class Broken:
    """An item whose mistake is known already: a variant that comes to it stops in silence."""

    line: int


Structure = Use | Group | Loop | Let | Choice | Branches | Tap | From | Require | Broken
Item = Call | Structure
Chain = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A chain with a name and arguments.

    parameters  each with its default, None where it must be given
    inline      whether its operators stand in its caller's scope, without one of their own
    shared      whether it comes from the shared file, whose lines mean little to a spec's author
    file        where it is written, which is another file for what a spec inherits
    """

    name: str
    line: int
    parameters: tuple[tuple[str, Expression | None], ...]
    body: Chain
    inline: bool
    shared: bool
    file: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a source prints about a variant.

    settings what is set beside the variant: `resnet50[groups=32]`
    row      the part of the network that is meant, such as `inception_3a`; "" for all of it
    printed  figures by metric: {"params": 2.3M, "multiply_adds": 146M}
    counted  what we count where that differs, so that an explanation covers one figure only
    where    table or page
    why      the arithmetic that explains the difference
    open     instead: what was tried, where no arithmetic was found
    """

    variant: str
    line: int
    printed: Mapping[str, Quantity]
    counted: Mapping[str, Quantity]
    where: str
    why: str
    open: str = ""
    row: str = ""
    settings: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What somebody printed of a trained network: no count of ours.

    top1   percent of ImageNet's validation images whose class is the first guess
    where  paper and table, or the release whose weights they are
    """

    top1: float
    where: str


@dataclass(frozen=True, slots=True)
class Spec:
    """A family of networks, as its file describes it.

    settings  the defaults, the input's among them
    declared  what each of the settings may be, but for the input
    replaced  parts of an inherited network that are others here, by their paths: `stage4`, `stage2.0`
    accuracy  of its variants, where it is printed
    origin    the file in which the network is written, where that is the one that this extends
    """

    file: str
    family: str
    title: str
    paper: Mapping[str, str | int]
    settings: Mapping[str, Value]
    declared: Mapping[str, Setting]
    variants: Mapping[str, Mapping[str, Value]]
    variant_lines: Mapping[str, int]
    aliases: Mapping[str, str]
    claims: tuple[Claim, ...]
    blocks: Mapping[str, Block]
    network: Chain
    replaced: Mapping[str, Block] = field(default_factory=dict)
    origin: str = ""
    accuracy: Mapping[str, Accuracy] = field(default_factory=dict)
