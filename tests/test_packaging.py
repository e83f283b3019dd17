"""The wheel: `pip install .` gives the same program from any folder."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]

# A computation that needs resources of the project and data of its dependencies.
SYNTHESIS = """
import jpas_gui
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.resources import resource_path
from jpas_gui.core.ssp.readers.popstar import read_popstar
sed = synthesize(StellarPopulation(), read_popstar(), embedded_filters())
error = noise_model(NoiseSettings(), sed.bands).flux_nu_error(sed.flux_nu)
assert error.size == 60
print(jpas_gui.__file__)
print(resource_path("bands.ecsv"))
"""


def run(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=folder, env={**kept, **environment}, capture_output=True, text=True, check=False, timeout=300
    )


def test_no_package_is_listed_twice() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    lines = [line for line in (CHECKOUT / "constraints.txt").read_text().splitlines() if "==" in line]
    for requirements in (project["dependencies"], *project["optional-dependencies"].values(), lines):
        names = [re.split(r"[\[<>=!~ ]", line)[0].lower().replace("_", "-") for line in requirements]
        assert len(names) == len(set(names)), sorted(names)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the source archive, and the wheel that is built from the archive alone."""
    folder = tmp_path_factory.mktemp("built")
    done = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(CHECKOUT), folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder into which the wheel is installed, without its dependencies."""
    target = tmp_path_factory.mktemp("installed")
    [wheel] = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--no-compile", "--target", str(target)]
    done = run(*pip, str(wheel), folder=target)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def files_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_wheel_carries_all_modules_all_resources_all_models_and_the_licence(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        [licence] = [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]
        assert archive.read(licence) == (CHECKOUT / "LICENSE").read_bytes()
        [metadata] = [archive.read(name).decode() for name in names if name.endswith("METADATA")]
    resources = files_of(CHECKOUT / "resources")
    assert resources
    assert {f"jpas_gui/resources/{name}" for name in resources} <= names
    models = files_of(CHECKOUT / "models")
    assert "posterior-popstar/weights.safetensors" in models
    assert {f"jpas_gui/models/{name}" for name in models} <= names
    assert {f"jpas_gui/docs/{name}" for name in files_of(CHECKOUT / "docs")} <= names
    modules = {name for name in files_of(CHECKOUT / "jpas_gui") if name.endswith(".py")}
    assert {f"jpas_gui/{name}" for name in modules} <= names
    assert not [name for name in names if name.startswith(("tests", "benchmarks"))]
    assert "License-Expression: BSD-3-Clause" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_the_source_archive_carries_what_the_build_needs(built: Path) -> None:
    [archive] = built.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        names = {name.split("/", 1)[1] for name in tar.getnames() if "/" in name}
    for name in ("pyproject.toml", "README.md", "LICENSE", "jpas_gui/__init__.py", "tests/conftest.py"):
        assert name in names
    assert {f"resources/{name}" for name in files_of(CHECKOUT / "resources")} <= names


def test_the_installed_program_computes_from_any_folder(installed: Path, tmp_path: Path) -> None:
    done = run(sys.executable, "-c", SYNTHESIS, folder=tmp_path, PYTHONPATH=str(installed))
    assert done.returncode == 0, done.stderr
    module, resource = done.stdout.splitlines()
    assert Path(module).is_relative_to(installed)
    assert Path(resource).is_relative_to(installed)


def test_the_installed_command_says_its_version(installed: Path, tmp_path: Path) -> None:
    from jpas_gui import __version__

    done = run(sys.executable, "-m", "jpas_gui", "--version", folder=tmp_path, PYTHONPATH=str(installed))
    assert done.returncode == 0, done.stderr
    assert __version__ in done.stdout
    entry_points = next(installed.glob("jpas_gui-*.dist-info/entry_points.txt")).read_text()
    assert "jpas-gui = jpas_gui.cli:main" in entry_points
