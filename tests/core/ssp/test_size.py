import numpy as np
import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.grid import Model
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.readers.popstar import read_popstar
from jpas_gui.core.ssp.reading import read_library
from jpas_gui.core.ssp.size import check_fading, check_size


def models_of(library: SSPLibrary) -> list[Model]:
    return [
        Model(float(library.log_age[j]), float(library.metallicity[i]), library.luminosity[i, j], "x")
        for i, j in np.argwhere(library.has_model)
    ]


def assert_is_usual(library: SSPLibrary) -> None:
    models = models_of(library)
    check_fading(library.wavelength, models)
    # A factor of ten, as a dwarf-rich initial mass function makes it, is usual as well.
    for factor in (0.1, 1.0, 10.0):
        for model in models:
            scaled = Model(model.log_age, model.metallicity, model.luminosity * factor, "x")
            check_size(library.wavelength, [scaled], "", "BUNIT")


@pytest.mark.parametrize("variant", ["stellar", "total"])
def test_popstar_is_usual(variant: str) -> None:
    assert_is_usual(read_popstar(variant))


@pytest.mark.parametrize("name", ["miuscat", "emiles_sample", "emiles_padova", "bc03_mpajhu"])
def test_real_libraries_are_usual(real_data, name: str) -> None:
    assert_is_usual(read_library(real_data / "ssp" / name))


@pytest.mark.parametrize("factor", [1e6, 3.8e33, 1e-11, 3.8e22])
def test_other_units_are_not(factor: float) -> None:
    library = read_popstar()
    with pytest.raises(InputError, match="are usual in Lsun/Angstrom/Msun, and no unit is given"):
        check_size(library.wavelength, [Model(10.0, 0.0, library.luminosity[4, -10] * factor, "x")], "", "BUNIT")
