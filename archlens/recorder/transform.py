"""Fourier transforms."""

from dataclasses import dataclass
from math import log2, prod

from archlens.cost import Cost
from archlens.ops import Shape, Shapes
from archlens.recorder.operators import Recorded

__all__ = ["FourierTransform"]


@dataclass(frozen=True, slots=True)
class FourierTransform(Recorded):
    """A fast Fourier transform along some axes. Its name is fft, rfft or irfft.

    real  whether one side of it is real, input or output, and the other half a spectrum
    """

    kind = "fourier_transform"
    work = "reduction"

    axes: tuple[int, ...]
    real: bool = False

    def mixes(self, inputs: Shapes) -> tuple[int, ...]:
        """The axes along which every output sees everything."""
        return self.axes

    def label(self, inputs: Shapes) -> str:
        """With the lengths of its axes: `rfft 14×14`."""
        return f"{self.name} {'×'.join(map(str, self.lengths(inputs)))}"

    def lengths(self, inputs: Shapes) -> Shape:
        """How many points it has along each axis, on the side that has all of them."""
        return tuple(max(inputs[0][axis], self.shape[axis]) for axis in self.axes)

    def cost(self, inputs: Shapes, output: Shape) -> Cost:
        """log₂ N passes over N points, each of which makes every point anew from two: no dot product.

        N           = points of one transform; all: those of the whole tensor
        elementwise = all · log₂ N              half of it where one side is real
        reads       = elements of the input
        writes      = elements of the output

        Cooley and Tukey, 1965. A pass makes a complex number of two by a product and a sum: 5 flops, hence
        the 5 · N · log₂ N (half of it for real ones) that Frigo and Johnson count whatever the
        algorithm and N (The Design and Implementation of FFTW3, 2005). None of it is a
        multiply-add here; a multiplication by the matrix of the transform would take N² of them.
        """
        every = max(prod(inputs[0]), prod(output))
        passes = log2(max(1, prod(self.lengths(inputs))))
        return Cost(
            elementwise=round(every * passes / (2 if self.real else 1)),
            reads=prod(inputs[0]),
            writes=prod(output),
        )
