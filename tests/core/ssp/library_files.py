"""Files of libraries with the structure of the published ones, made from PopStar spectra."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import h5py
import numpy as np
from astropy.io import fits

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.ssp.readers.popstar import read_popstar


@dataclass(frozen=True)
class Sample:
    """luminosity has shape (n_met, n_age, n_wave); wavelength is the number written, in whatever medium."""

    wavelength: FloatArray
    log_age: FloatArray
    metallicity: FloatArray
    luminosity: FloatArray

    def models(self):
        for i, metallicity in enumerate(self.metallicity):
            for j, log_age in enumerate(self.log_age):
                yield float(metallicity), float(log_age), self.luminosity[i, j]

    def on(self, wavelength: FloatArray) -> "Sample":
        spectra = [
            [np.interp(wavelength, self.wavelength, spectrum) for spectrum in spectra] for spectra in self.luminosity
        ]
        return replace(self, wavelength=wavelength, luminosity=np.array(spectra))


def popstar_sample(log_age: Sequence[float], metallicity: Sequence[float], wavelength: FloatArray) -> Sample:
    library = read_popstar()
    luminosity = [
        [
            np.interp(wavelength, library.wavelength, library.spectrum(age, metal).luminosity.astype(float))
            for age in log_age
        ]
        for metal in metallicity
    ]
    return Sample(wavelength, np.array(log_age), np.array(metallicity), np.array(luminosity))


def signed(value: float, digits: int = 2) -> str:
    return f"{'m' if value < 0 else 'p'}{abs(value):.{digits}f}"


def write_linear_fits(path: Path, wavelength: FloatArray, luminosity: FloatArray, **cards: object) -> None:
    header = fits.Header({"CRVAL1": wavelength[0], "CDELT1": wavelength[1] - wavelength[0], "CRPIX1": 1})
    for key, value in cards.items():
        header[key] = value
    fits.PrimaryHDU(luminosity.astype(np.float32), header).writeto(path)


def write_miles(folder: Path, sample: Sample, prefix: str = "Eku1.30", tail: str = "_iTp0.00_baseFe") -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = []
    for metallicity, log_age, luminosity in sample.models():
        path = folder / f"{prefix}Z{signed(metallicity)}T{10 ** (log_age - 9):07.4f}{tail}.fits"
        write_linear_fits(path, sample.wavelength, luminosity)
        paths.append(path)
    return paths


def galaxev_hdus(
    sample: Sample, ages: Sequence[float], spectra: FloatArray, of_wavelength: str = "A", unit: str = "Lo/A"
) -> fits.HDUList:
    """ages in yr, spectra (n_age, n_wave), as one file of GALAXEV has them."""
    columns = [fits.Column("Wavelength", "D", unit=of_wavelength or None, array=sample.wavelength)]
    for age, luminosity in zip(ages, spectra, strict=True):
        # The names are ages with a few digits and a p for the point.
        name = f"t{age:.3E}".replace(".", "p").replace("+", "")
        columns.append(fits.Column(name, "D", unit=unit or None, array=luminosity))
    step = np.arange(len(ages), dtype=float)
    others = [
        fits.BinTableHDU.from_columns([fits.Column(name, "D", array=step)])
        for name in ("Mstars", "logage", "Lick", "age-yr", "imf")
    ]
    others[3].data["age-yr"] = ages
    return fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU.from_columns(columns), *others])


def ised_ascii(wavelength: FloatArray, ages: Sequence[float], spectra: FloatArray, text: Sequence[str]) -> str:
    def vector(values: Sequence[float]) -> str:
        words = [f"{value:.7E}" for value in values]
        rows = [" ".join(words[i : i + 6]) for i in range(0, len(words), 6)]
        return f"{len(words)} " + "\n  ".join(rows)

    lines = [vector(ages), *text, vector(wavelength)]
    for spectrum in spectra:
        lines += [vector(spectrum), vector(np.zeros(52))]
    # Evolution of masses and rates follows; it is not read.
    lines += [vector(np.arange(len(ages)))] * 12
    return "\n".join(lines) + "\n"


CHABRIER_TEXT = (
    " 0.10 100.00  2",
    " 0.10  1.00  1.30  0.1 0.2 0.3",
    "Padova (1994) tracks, Chabrier IMF, X=0.7000, Y=0.2800, Z=0.0200",
    "BC_SSP file",
    "F",
)
SALPETER_TEXT = (" 0.10 100.00  1", " 0.10 100.00 1.35 0.1 0.2 0.3", *CHABRIER_TEXT[2:], " 0. 0.")


def write_miles_hdf5(path: Path, sample: Sample, kinds: Sequence[tuple[str, str, float, float]]) -> None:
    """kinds: isochrone, IMF type, slope, alpha of each set of models; sets of one block lie behind one another."""
    rows: dict[str, list[object]] = {k: [] for k in ("age", "met", "alpha", "imf_type", "imf_slope", "isochrone")}
    names, blocks = [], {}
    for n, (isochrone, imf, slope, alpha) in enumerate(kinds):
        for metallicity, log_age, luminosity in sample.models():
            age = 10 ** (log_age - 9)
            for key, value in zip(rows, (age, metallicity, alpha, imf, slope, isochrone), strict=True):
                rows[key].append(value)
            names.append(f"lib/E{imf}{slope:.2f}Z{signed(metallicity)}T{age:07.4f}_i{isochrone}p0.00_baseFe.fits")
            # Each set has its own brightness, to tell whether the right one is read.
            blocks.setdefault(f"{isochrone}/{imf}", []).append(luminosity * (n + 1))
    with h5py.File(path, "w") as file:
        file["wave"] = sample.wavelength
        for key, values in rows.items():
            is_text = isinstance(values[0], str)
            file[key] = np.array(values, dtype="S3") if is_text else np.array(values, dtype=float)
        file["filename"] = np.array(names, dtype="S80")
        for block, spectra in blocks.items():
            file[f"spec/{block}/data"] = np.array(spectra, dtype=np.float32).T


def gzipped(path: Path) -> Path:
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes(), compresslevel=1))
    path.unlink()
    return packed
