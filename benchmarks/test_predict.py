"""Whole catalogues: galaxies per second from file to file, beside the network alone; memory."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.inference.catalogue_run import photometry_for, predict_catalogue
from jpas_gui.core.inference.predictor import Predictor

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from mock_galaxies import COLUMN_MAP, mock_table

MANY = 50_000
CORES = os.cpu_count() or 1


def write_catalogue(folder: Path, n: int) -> Path:
    """Write n galaxies, the same 50,000 again and again."""
    mocks, path = mock_table(MANY), folder / f"{n}.parquet"
    with pq.ParquetWriter(path, mocks.schema, use_dictionary=False) as writer:
        for start in range(0, n, MANY):
            number = pa.array(np.arange(start, start + MANY))
            writer.write_table(mocks.set_column(1, "NUMBER", number))
    (folder / "map.toml").write_text(COLUMN_MAP)
    return path


def options(folder: Path) -> OpeningOptions:
    return OpeningOptions(columns=read_column_map(folder / "map.toml"), redshift=0.0)


@pytest.mark.parametrize(
    ("model", "n", "at_least"), [("paper-popstar", 1_000_000, 50_000), ("posterior-popstar", 100_000, 0)]
)
def test_galaxies_per_second(tmp_path: Path, model: str, n: int, at_least: int) -> None:
    catalogue = open_catalogue(write_catalogue(tmp_path, n), options(tmp_path))
    predictor = Predictor.load(model)
    photometry = photometry_for(predictor, catalogue.galaxies(0, MANY))
    torch.set_num_threads(CORES)
    predictor.predict(photometry.rows(slice(0, 5000)))
    start = time.perf_counter()
    predictor.predict(photometry)
    alone = MANY / (time.perf_counter() - start)
    start = time.perf_counter()
    predict_catalogue(catalogue, predictor, tmp_path / "out.parquet", threads=CORES)
    rate = n / (time.perf_counter() - start)
    print(f"\n{model}: {rate:,.0f} galaxies per second from file to file, {rate / alone:.2f} of the network alone")
    assert rate >= max(at_least, 0.35 * alone)


PEAK = """
import sys
from jpas_gui.cli import main
assert main(sys.argv[1:]) == 0
# Not ru_maxrss, which a process inherits from the one that started it.
(peak,) = (line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(int(peak.split()[1]) * 1024 / 1e9)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from Linux")
def test_memory_does_not_grow_with_the_catalogue(tmp_path: Path) -> None:
    gigabytes = []
    for n in (250_000, 1_000_000):
        path = write_catalogue(tmp_path, n)
        arguments = ["predict", str(path), "--columns", str(tmp_path / "map.toml"), "--redshift", "0"]
        arguments += ["--model", "paper-popstar", "-o", str(tmp_path / f"{n}-out.parquet")]
        done = subprocess.run([sys.executable, "-c", PEAK, *arguments], capture_output=True, text=True, check=True)
        gigabytes.append(float(done.stdout.splitlines()[-1]))
    print(f"\n{gigabytes[0]:.2f} GB for 250,000 galaxies, {gigabytes[1]:.2f} GB for 1,000,000")
    assert gigabytes[1] < min(1.5, gigabytes[0] + 0.25)
