"""GALAXEV's text files, ``.ised_ASCII``, gzipped or not, one per metallicity (Bruzual & Charlot 2003).

A stream of vectors, each led by its length: the ages in yr; a few lines of text, whose number depends on the IMF; the
wavelengths in Angstrom; then for each age the spectrum in Lsun / Angstrom / Msun and a vector of 52 indices. What
follows is not needed.
"""

import re
from collections.abc import Sequence

import numpy as np

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.galaxev_models import GalaxevTable, galaxev_variants, read_galaxev
from jpas_gui.core.ssp.readers.reader import Reader, Request, some_file
from jpas_gui.core.ssp.wavelength_units import angstrom_of

_Z = re.compile(r"\bZ\s*=\s*(\d*\.\d+)")

_MISSING_E = re.compile(r"(\d)([+-]\d{3})\b")
"""Fortran drops the E of exponents with three digits: 0.123-101."""

_MAX_TEXT_LINES = 30


def _select(files: Sequence[ModelFile]) -> list[ModelFile]:
    candidates = [file for file in files if "ised_ascii" in file.name.lower()]
    if len(files) == 1:
        candidates = list(files)
    return candidates if some_file(candidates, _begins_with_ages) else []


def _begins_with_ages(file: ModelFile) -> bool:
    tokens = file.head(400).split()[:4]
    try:
        return len(tokens) == 4 and tokens[0].isdigit() and bool((np.diff(_numbers(tokens[1:])) > 0).all())
    except InputError:
        return False


def _read(request: Request) -> SSPLibrary:
    return read_galaxev(request, READER.format, _read_table)


def _read_table(content: bytes) -> GalaxevTable:
    lines = content.splitlines()
    age, n_lines = _leading_vector(lines)
    text = lines[n_lines : n_lines + _MAX_TEXT_LINES]
    n_text = next((i for i, line in enumerate(text) if _is_vector_start(line)), None)
    if n_text is None:
        raise InputError("no wavelengths after its ages: cut short or not a GALAXEV file")
    z = _Z.search(b"\n".join(text[:n_text]).decode("ascii", errors="replace"))
    vectors = _Vectors(b" ".join(lines[n_lines + n_text :]).split())
    wavelength = vectors.take()
    luminosity = np.empty((age.size, wavelength.size))
    for row in luminosity:
        row[:] = vectors.take(wavelength.size)
        vectors.skip()
    return GalaxevTable(angstrom_of(wavelength, "", ""), age, luminosity, z=float(z[1]) if z else None)


def _leading_vector(lines: Sequence[bytes]) -> tuple[FloatArray, int]:
    """Return the vector at the start, and how many lines it takes."""
    tokens: list[bytes] = []
    for i, line in enumerate(lines):
        tokens += line.split()
        if tokens and tokens[0].isdigit() and len(tokens) > int(tokens[0]):
            return _numbers(tokens[1 : 1 + int(tokens[0])]), i + 1
        if tokens and not tokens[0].isdigit():
            break
    raise InputError("it does not begin with the number of ages: cut short or not a GALAXEV file")


def _is_vector_start(line: bytes) -> bool:
    # A grid of wavelengths: its length, more than a few, and numbers that grow, or repeat at a joint.
    tokens = line.split()
    if not tokens or not tokens[0].isdigit() or int(tokens[0]) < _FEWEST_WAVELENGTHS:
        return False
    try:
        return bool((np.diff(_numbers(tokens[1:])) >= 0).all())
    except InputError:
        return False


_FEWEST_WAVELENGTHS = 20


class _Vectors:
    """A stream of vectors, each led by its length."""

    def __init__(self, tokens: list[bytes]) -> None:
        self._tokens = tokens
        self._next = 0

    def take(self, length: int | None = None) -> FloatArray:
        start, stop = self._bounds()
        if length is not None and stop - start != length:
            raise InputError(f"a spectrum of {stop - start} values instead of {length}: damaged")
        return _numbers(self._tokens[start:stop])

    def skip(self) -> None:
        self._bounds()

    def _bounds(self) -> tuple[int, int]:
        if self._next >= len(self._tokens) or not self._tokens[self._next].isdigit():
            raise InputError("cut short or damaged")
        start = self._next + 1
        self._next = start + int(self._tokens[self._next])
        if self._next > len(self._tokens):
            raise InputError("cut short")
        return start, self._next


def _numbers(tokens: Sequence[bytes]) -> FloatArray:
    try:
        return np.array(tokens, dtype=bytes).astype(float) if tokens else np.empty(0)
    except ValueError:
        pass
    # A space alone parts the words: str.split() knows spaces that bytes.split() does not.
    text = _MISSING_E.sub(r"\1E\2", b" ".join(tokens).decode("ascii", errors="replace"))
    try:
        return np.array(text.split(" "), dtype=float)
    except ValueError as error:
        raise InputError("values that are not numbers: damaged") from error


READER = Reader("GALAXEV, ised_ASCII", _select, _read, galaxev_variants)
