import sys

import pytest

from jpas_gui.core.resources import package_data, resource_path


def test_a_resource_is_found():
    assert resource_path("bands.ecsv").read_text().startswith("# %ECSV 1.0")


def test_a_missing_resource_says_that_the_installation_is_incomplete():
    with pytest.raises(FileNotFoundError, match=r"'no-such\.ecsv' is missing: the installation"):
        resource_path("no-such.ecsv")


def test_data_of_another_package_is_found_without_importing_it():
    before = set(sys.modules)
    data = package_data("milespy", "config_files/filters/OAJ_JPAS.J0390.dat")
    assert len(data.read_bytes()) > 1000
    assert "milespy" in before or "milespy" not in sys.modules


@pytest.mark.parametrize(("package", "name"), [("no_such_package", "x"), ("milespy", "no-such-file.dat")])
def test_missing_data_of_another_package_names_it(package, name):
    with pytest.raises(FileNotFoundError, match=f"{name} of the package {package} is missing"):
        package_data(package, name)
