"""What a FITS file holds, in words, where no reader knows it."""

from collections.abc import Sequence

from astropy.io import fits

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.ages import log_age
from jpas_gui.core.ssp.readers.fits_spectra import FitsFile, look_into
from jpas_gui.core.ssp.readers.header_parameters import parameters_of_header
from jpas_gui.core.ssp.readers.metallicities import metallicity

_LISTED = 6


def describe_fits(file: ModelFile) -> str:
    """Return what a file holds and what it lacks, such as ``"holds an image of 4563 pixels; ..."``."""
    try:
        with look_into(file) as hdus:
            held = [text for hdu in range(len(hdus.names())) if (text := _held(hdus, hdu))]
            headers = [hdus.header(hdu) for hdu in range(len(hdus.names()))]
    except InputError as error:
        return f"is {error}"
    listed = ", ".join(held[:_LISTED]) or "no data"
    more = f" and {len(held) - _LISTED} more HDUs" if len(held) > _LISTED else ""
    return f"holds {listed}{more}; {_said_of_population(headers)}"


def _said_of_population(headers: Sequence[fits.Header]) -> str:
    try:
        age, metals = parameters_of_header(headers)
        log_age(age)
        metallicity(metals, 1.0)
    except InputError as error:
        return str(error)
    return f"its header gives {age}, {metals}"


def _held(hdus: FitsFile, hdu: int) -> str:
    if columns := hdus.columns(hdu):
        return f"a table of {', '.join(columns[:_LISTED])}{' ...' if len(columns) > _LISTED else ''}"
    shape = hdus.shape(hdu)
    return f"an image of {' x '.join(map(str, reversed(shape)))} pixels" if shape else ""
