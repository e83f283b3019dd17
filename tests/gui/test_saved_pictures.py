"""Saved figures beside stored ones: PNG and SVG as pictures, SVG and PDF by their words and shapes.

Squares of pixels are compared by their means, which other fonts hardly change. ``RENEW_PICTURES=1`` in the environment
stores what is drawn now: look at the pictures before you commit them.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from drawings import read_pdf, read_svg
from made_evaluations import made_evaluation
from made_galaxies import write_galaxies
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from jpas_gui.app.corner import corner_of_samples
from jpas_gui.app.evaluation_panels import magnitude_panels
from jpas_gui.app.explorer import Explorer
from jpas_gui.app.libraries import LibraryShelf
from jpas_gui.app.observed_frame import ShownAnswer, answer_title, resolve
from jpas_gui.app.state import ViewOptions
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.emission_lines import lines_in_bands
from jpas_gui.core.inference.catalogue_model import EXACT
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.ssp.readers.popstar import read_popstar
from jpas_gui.views.evaluation.figure_key import figure_key
from jpas_gui.views.evaluation.panel_grid import PanelGrid
from jpas_gui.views.explore.sed_plot import SedPlot
from jpas_gui.views.observed.corner_plot import CornerPlot
from jpas_gui.views.observed.galaxy_plot import GalaxyPlot
from jpas_gui.views.plots.export import export_figure
from jpas_gui.workers.job_queue import JobQueue

_STORED = Path(__file__).parent / "pictures"
_SQUARE = 12
"""Pixels of a stored picture, which is as large as the figure."""

_MEAN, _WORST = 2.0, 45.0
"""How far squares may be apart, of 255."""

_SHAPES = 0.05
"""Part of the shapes that may be more or fewer: ticks depend on the width of letters."""


def explored(_):
    """Return an SED with a pin, without any model that predicts."""
    explorer = Explorer(JobQueue(), LibraryShelf(read_popstar()))
    explorer.set_population(log_age=9.7, ebv=0.1)
    explorer.pin()
    explorer.set_population(log_age=8.5)
    figure = SedPlot()
    figure.set_filters(explorer.filters)
    figure.show_frame(explorer.frame())
    figure.show_answers({})
    figure.fit()
    return figure


def observed(folder):
    """Return a galaxy that nothing has answered yet."""
    catalogue = open_catalogue(write_galaxies(folder / "galaxies.csv"), OpeningOptions(redshift=0.0))
    filters = embedded_filters()
    pivot = np.array([curve.pivot for curve in filters.curves])
    figure = GalaxyPlot()
    figure.show_frame(resolve(catalogue.galaxies(0, 1), (), None, ViewOptions(), pivot, lines_in_bands(filters, 0.0)))
    figure.caption = lambda: "galaxies.csv · PopStar"
    return figure


def evaluated(_):
    """Return figure 4 of a made evaluation."""
    figure, one = PanelGrid("Bias, scatter and outliers by magnitude", 3), made_evaluation()
    figure.show_panels(magnitude_panels([(0, one)]), figure_key([(0, one.title, one.detail)], with_paper=True))
    return figure


def posteriors(_):
    """Return the corner plot of two made posteriors."""
    random, figure = np.random.default_rng(1), CornerPlot()
    answers = []
    for name, centre in ((EXACT, (9.0, -0.5, 0.2)), ("posterior-popstar", (9.1, -0.3, 0.15))):
        samples = np.array(centre) + random.normal(size=(20_000, 3)) @ np.diag([0.1, 0.2, 0.04])
        answers.append(ShownAnswer(name, answer_title(name), (), (), np.array(centre), corner_of_samples(samples)))
    figure.show_answers(tuple(answers))
    return figure


SCENES = {one.__name__: one for one in (explored, observed, evaluated, posteriors)}
SIZES = {"evaluated": (600, 440), "posteriors": (420, 420)}


@pytest.fixture(scope="module", params=SCENES)
def saved(request, qapp, tmp_path_factory):
    """The name of a scene, and the folder where its figure is saved in all formats."""
    tmp_path = tmp_path_factory.mktemp(request.param)
    figure = SCENES[request.param](tmp_path)
    figure.resize(*SIZES.get(request.param, (560, 420)))
    figure.show()
    QApplication.processEvents()
    for suffix in ("png", "svg", "pdf"):
        export_figure(figure, tmp_path / f"figure.{suffix}")
    if os.environ.get("RENEW_PICTURES"):
        store(request.param, tmp_path)
    figure.close()
    return request.param, tmp_path


def store(name, folder):
    _STORED.mkdir(exist_ok=True)
    png = QImage(str(folder / "figure.png"))
    small = png.scaled(png.size() / 2, mode=Qt.TransformationMode.SmoothTransformation)
    small.convertToFormat(QImage.Format.Format_RGB888).save(str(_STORED / f"{name}.png"))
    drawings = {"svg": read_svg(folder / "figure.svg"), "pdf": read_pdf(folder / "figure.pdf")}
    (_STORED / f"{name}.json").write_text(json.dumps(drawings, indent=1, ensure_ascii=False) + "\n")


def squares(image):
    """Return the means of squares of a picture, shape (rows, columns, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[..., :3].astype(float)
    rows, columns = (size // _SQUARE for size in pixels.shape[:2])
    cut = pixels[: rows * _SQUARE, : columns * _SQUARE]
    return cut.reshape(rows, _SQUARE, columns, _SQUARE, 3).mean(axis=(1, 3))


def apart(picture, name):
    """Return how far a picture is from the stored one: in the mean of the squares, and in the worst of them."""
    reference = QImage(str(_STORED / f"{name}.png"))
    off = squares(picture.scaled(reference.size(), mode=Qt.TransformationMode.SmoothTransformation))
    off = np.abs(off - squares(reference))
    return off.mean(), off.max()


def test_pictures_look_as_stored(saved):
    name, folder = saved
    mean, worst = apart(QImage(str(folder / "figure.png")), name)
    assert mean < _MEAN
    assert worst < _WORST


def test_drawings_look_as_stored(saved):
    name, folder = saved
    renderer = QSvgRenderer(str(folder / "figure.svg"))
    picture = QImage(2 * renderer.viewBox().size(), QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    renderer.render(painter)
    painter.end()
    mean, worst = apart(picture, name)
    assert mean < _MEAN
    assert worst < _WORST


@pytest.mark.parametrize(("suffix", "read"), [("svg", read_svg), ("pdf", read_pdf)])
def test_drawings_hold_the_words_and_shapes_that_are_stored(saved, suffix, read):
    name, folder = saved
    drawing = read(folder / f"figure.{suffix}")
    reference = json.loads((_STORED / f"{name}.json").read_text())[suffix]
    assert drawing["words"] == reference["words"]
    assert drawing["shapes"] == pytest.approx(reference["shapes"], rel=_SHAPES)
    assert drawing["pictures"] == reference["pictures"] == 0


@pytest.mark.parametrize("name", SCENES)
def test_the_comparison_sees_what_should_not_be_there(name):
    """A line as a cursor leaves it, letters of half the size, or an axis that has moved."""
    reference = QImage(str(_STORED / f"{name}.png")).convertToFormat(QImage.Format.Format_RGB32)
    moved = reference.copy(6, 6, reference.width(), reference.height())
    assert apart(moved, name)[1] > _WORST
    struck = reference.copy()
    painter = QPainter(struck)
    painter.fillRect(struck.width() // 2, 0, 4, struck.height(), QColor("#d55e00"))
    painter.end()
    assert apart(struck, name)[1] > _WORST
