"""Array types used in signatures; shapes stand in the docstrings."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
"""Spectra and what is made of many: single precision halves the memory traffic."""
BoolArray = NDArray[np.bool_]
IndexArray = NDArray[np.intp]
AnyArray = NDArray[Any]
