"""What may be imported when: torch and plotting cost seconds, and the core knows no Qt."""

import json
import subprocess
import sys

import pytest

# Each prints the top-level modules that it loaded.
ALL_OF_CORE = """
import importlib, json, pkgutil, sys
import jpas_gui.core
names = [module.name for module in pkgutil.walk_packages(jpas_gui.core.__path__, "jpas_gui.core.")]
names = [name for name in names if not name.startswith("jpas_gui.core.inference.")]
assert len(names) > 10, names
for name in names:
    importlib.import_module(name)
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""
FIRST_SED = """
import json, sys
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.readers.popstar import read_popstar
sed = synthesize(StellarPopulation(), read_popstar(), embedded_filters())
noise_model(NoiseSettings(), sed.bands).flux_nu_error(sed.flux_nu)
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""

QT = {"PySide6", "shiboken6", "pyqtgraph", "superqt", "qtpy", "qtawesome"}
SLOW = {"torch", "milespy", "pst", "specutils", "matplotlib"}


def modules_after(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_core_imports_neither_qt_nor_anything_slow():
    loaded = modules_after(ALL_OF_CORE)
    assert "numpy" in loaded
    assert not loaded & (QT | SLOW)


def test_the_first_sed_needs_neither_qt_nor_anything_slow():
    loaded = modules_after(FIRST_SED)
    assert not loaded & (QT | SLOW)


@pytest.mark.parametrize("package", ["jpas_gui.app", "jpas_gui.views", "jpas_gui.commands", "jpas_gui.workers"])
def test_no_part_of_the_program_imports_torch_or_plotting(package):
    code = ALL_OF_CORE.replace("jpas_gui.core", package).replace("assert len(names) > 10, names", "")
    loaded = modules_after(f"import os; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n{code}")
    assert not loaded & SLOW
    if package == "jpas_gui.app":
        assert not loaded & QT
