"""The order in which some nodes need the fewest elements at once: a search over sets of finished nodes."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

__all__ = ["Found", "Piece", "bound", "peak", "search"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Nodes to bring into order, counted from 0, in an order that works. Sets of them are bits of a number.

    before  the set of those that feed each
    after   those that each feeds
    makes   elements that each allocates
    ends    storages that end among them: elements, the set of nodes that must have run, and the node
            that makes it, None if it is there from the start
    frees   for each node, the storages in `ends` that it may be the last to need
    start   elements alive before the first of them
    """

    before: tuple[int, ...]
    after: tuple[tuple[int, ...], ...]
    makes: tuple[int, ...]
    ends: tuple[tuple[int, int, int | None], ...]
    frees: tuple[tuple[int, ...], ...]
    start: int

    def run(self, node: int, done: int, alive: int) -> tuple[int, int]:
        """The elements alive while a node runs, and after it; `done` includes it already."""
        during = after = alive + self.makes[node]
        for end in self.frees[node]:
            elements, needed, _ = self.ends[end]
            if not needed & ~done:
                after -= elements
        return during, after

    def ready(self, node: int, done: int, ready: int) -> int:
        """The set of those that can run next, after a node; `done` includes it already."""
        ready &= ~(1 << node)
        for after in self.after[node]:
            if not self.before[after] & ~done:
                ready |= 1 << after
        return ready


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search: the best order and its peak, or how far the search came.

    bound   no order has a smaller peak, the floor of the search aside
    order   one that has this peak; None where the search stopped early
    states  the sets of nodes that were looked at
    """

    bound: int
    order: tuple[int, ...] | None
    states: int


State = tuple[int, int, int]
"""The set of nodes that have run, the set of those that can run next, and the elements alive."""


def peak(piece: Piece, order: tuple[int, ...]) -> int:
    """The most elements alive at once in this order."""
    done, alive, most = 0, piece.start, piece.start
    for node in order:
        done |= 1 << node
        during, alive = piece.run(node, done, alive)
        most = max(most, during)
    return most


def search(piece: Piece, floor: int, states: int) -> Found:
    """The order with the smallest peak, where all peaks up to `floor` are as good, in so many states at most.

    Dijkstra's algorithm over the sets of nodes that have run, where a path is as long as its worst
    step: sets are looked at by the smallest peak that leads to them, the largest set first. If it
    stops early, every set that a smaller peak leads to has been looked at, so that peak is a bound.

    What runs next is no choice where `settled` says so, which keeps it from mixing the branches of a
    network in every way there is.
    """
    everything = (1 << len(piece.makes)) - 1
    first = sum(1 << node for node, before in enumerate(piece.before) if not before)
    queue: list[tuple[int, int, State]] = [(floor, 0, (0, first, piece.start))]
    reached = {0: floor}
    came: dict[int, tuple[int, tuple[int, ...]]] = {}
    looked_at: set[int] = set()
    while queue and len(looked_at) < states:
        worst, _, state = heappop(queue)
        if state[0] in looked_at:
            continue
        looked_at.add(state[0])
        (done, ready, alive), moves = settled(piece, state, worst)
        if moves:
            if done in looked_at:
                continue
            looked_at.add(done)
            came[done] = (state[0], moves)
        if done == everything:
            return Found(worst, _path(came, done), len(looked_at))
        for node in bits(ready):
            then = done | 1 << node
            during, left = piece.run(node, done=then, alive=alive)
            peak_then = max(worst, during)
            if then not in looked_at and peak_then < reached.get(then, peak_then + 1):
                reached[then] = peak_then
                came[then] = (done, (node,))
                following = (then, piece.ready(node, done=then, ready=ready), left)
                heappush(queue, (peak_then, -then.bit_count(), following))
    return Found(queue[0][0], None, len(looked_at))


def settled(piece: Piece, state: State, worst: int) -> tuple[State, tuple[int, ...]]:
    """The state after all nodes that may as well run now, and those nodes.

    They are chains, in which each node waits for the one before, that stay within the worst peak so
    far and stop where they first leave no more alive than there was.

    Proof that nothing is lost: take the best order from here on and pull the chain to its front. The
    chain itself stays within the worst. Before another node runs, the nodes U have run, and `part`
    of the chain, instead of which now all of it has. What a set of nodes leaves alive is what it has
    made, less the storages all of whose readers are in it, and so submodular:

    alive(U + chain) ≤ alive(U + part) + alive(chain) − alive(part) ≤ alive(U + part)

    as every shorter part of the chain leaves at least as much as all of it.
    """
    done, ready, alive = state
    moves: list[int] = []
    progress = True
    while progress:
        progress = False
        for node in bits(ready):
            chain = _free_chain(piece, node, (done, ready, alive), worst)
            if chain is not None:
                (done, ready, alive), ran = chain
                moves += ran
                progress = True
                break
    return (done, ready, alive), tuple(moves)


def _free_chain(piece: Piece, node: int, state: State, worst: int) -> tuple[State, list[int]] | None:
    """The state after the shortest chain from a node that leaves no more alive than there was, or None."""
    done, ready, alive = state
    left, ran = alive, []
    while True:
        done |= 1 << node
        during, left = piece.run(node, done, left)
        if during > worst:
            return None
        ready = piece.ready(node, done, ready)
        ran.append(node)
        if left <= alive:
            return (done, ready, left), ran
        following = [after for after in piece.after[node] if ready >> after & 1]
        if not following:
            return None
        node = following[0]


def bits(numbers: int) -> Iterator[int]:
    """The positions of the bits that are set in a number: the members of a set."""
    while numbers:
        lowest = numbers & -numbers
        yield lowest.bit_length() - 1
        numbers ^= lowest


def _path(came: dict[int, tuple[int, tuple[int, ...]]], done: int) -> tuple[int, ...]:
    """The nodes in the order that led to a set."""
    order: list[int] = []
    while done:
        done, moves = came[done]
        order.extend(reversed(moves))
    return tuple(reversed(order))


def bound(piece: Piece, floor: int) -> int:
    """The most elements that are alive, in every order, while some node runs; `floor` if that is more.

    A storage is alive while a node runs if it exists in every order by then, and is needed in every
    order from then on:

    alive(v) ≥ Σ elements of those that v, what v waits for, or no node of the piece makes,
                              and that v, what waits for v, or no node of the piece needs last
    """
    earlier, later = _ancestors(piece), _descendants(piece)
    during = _during(piece)
    lasting = [piece.makes[node] for node in range(len(during))]
    always = piece.start
    for elements, _, maker in piece.ends:
        if maker is None:
            always -= elements
        else:
            lasting[maker] -= elements
    for node in sorted(range(len(during)), key=during.__getitem__, reverse=True):
        if during[node] <= floor:
            break
        then = always + sum(lasting[other] for other in bits(earlier[node]))
        for elements, needed, maker in piece.ends:
            if needed & later[node] and (maker is None or earlier[node] >> maker & 1):
                then += elements
        floor = max(floor, then)
    return floor


def _during(piece: Piece) -> list[int]:
    """The elements alive while each node runs, in the order that the piece came in."""
    done, alive = 0, piece.start
    found = []
    for node in range(len(piece.makes)):
        done |= 1 << node
        during, alive = piece.run(node, done, alive)
        found.append(during)
    return found


def _ancestors(piece: Piece) -> list[int]:
    """For each node, the set of itself and what it waits for."""
    found: list[int] = []
    for node, before in enumerate(piece.before):
        found.append(1 << node)
        for other in bits(before):
            found[node] |= found[other]
    return found


def _descendants(piece: Piece) -> list[int]:
    """For each node, the set of itself and what waits for it."""
    found = [1 << node for node in range(len(piece.after))]
    for node in reversed(range(len(found))):
        for other in piece.after[node]:
            found[node] |= found[other]
    return found
