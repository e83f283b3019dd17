"""A small catalogue whose galaxies are populations of PopStar with a little noise."""

import csv
from pathlib import Path

import numpy as np

from jpas_gui.core.magnitudes import NANOMAGGY
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.readers.popstar import read_popstar

RELATIVE_ERROR = 0.03
TRUTH = tuple(
    StellarPopulation(log_age, metallicity, ebv, magnitude=magnitude)
    for log_age, metallicity, ebv, magnitude in (
        (9.8, 0.0, 0.1, 17.0),
        (9.0, -0.4, 0.3, 18.0),
        (8.3, 0.0, 0.0, 19.0),
        (9.5, 0.3, 0.2, 17.5),
        (10.0, -0.7, 0.05, 20.0),
        (7.5, 0.0, 0.4, 18.5),
    )
)


def write_galaxies(
    path: Path,
    populations: tuple[StellarPopulation, ...] = TRUTH,
    redshift_column: bool = False,
    prefix: str = "",
    nanomaggies: bool = False,
) -> Path:
    """Write ``ID, J0378, error_J0378 ...`` in erg s-1 cm-2 Hz-1 or nanomaggies; `prefix` makes the names foreign."""
    filters, library, random = embedded_filters(), read_popstar(), np.random.default_rng(1)
    names, unit = filters.names[:N_SURVEY_BANDS], 1.0 if nanomaggies else NANOMAGGY
    header = ["ID", *(text for name in names for text in (f"{prefix}{name}", f"{prefix and 'E'}error_{name}"))]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*header, "redshift"] if redshift_column else header)
        for number, population in enumerate(populations, start=101):
            flux = synthesize(population, library, filters).flux_nu[:N_SURVEY_BANDS] * unit
            error = RELATIVE_ERROR * flux
            noisy = flux + error * random.normal(size=flux.size)
            cells = [f"{value:.6e}" for pair in zip(noisy, error, strict=True) for value in pair]
            writer.writerow([number, *cells, *(["0.05"] if redshift_column else [])])
    return path
