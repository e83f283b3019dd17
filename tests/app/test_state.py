import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.app.degeneracy_options import DegeneracyOptions, DegeneracySettings, Page, Source
from jpas_gui.app.source_list import SORTED_BY, ListOptions
from jpas_gui.app.state import (
    MAX_SEED,
    ExplorerState,
    LibraryFile,
    Model,
    OpenCatalogue,
    Pin,
    Session,
    WindowState,
    session_from_json,
    session_to_json,
)
from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.photometry.noise_settings import NoiseSettings
from jpas_gui.core.populations import LIMITS, StellarPopulation

BANDS = st.dictionaries(st.sampled_from(["J0378", "J0390"]), st.text())


def in_order(names):
    return tuple(band.name for band in all_bands() if band.name in names)


populations = st.builds(StellarPopulation, **{name: st.floats(*limits) for name, limits in LIMITS.items()})
sessions = st.builds(
    Session,
    explorer=st.builds(
        ExplorerState,
        model=st.builds(Model, population=populations),
        noise=st.builds(NoiseSettings, zero_point=st.booleans()),
        seed=st.integers(0, MAX_SEED),
        pins=st.lists(st.builds(Model, population=populations)).map(
            lambda models: tuple(Pin(number, model) for number, model in enumerate(models, start=1))
        ),
    ),
    libraries=st.lists(st.builds(LibraryFile, st.text(), st.text(), st.text(), st.just("ab"))).map(tuple),
    observed=st.none()
    | st.builds(
        OpenCatalogue,
        st.text(),
        st.just("ab"),
        st.builds(
            OpeningOptions,
            st.none() | st.builds(ColumnMap, st.tuples(st.text()), st.text(), error=st.text(), bands=BANDS),
            redshift=st.none() | st.text() | st.floats(0, 1),
            keep_flagged=st.booleans(),
        ),
        st.integers(0, 10**9),
        st.builds(ListOptions, st.text(), st.none() | st.floats(0, 99), sort_by=st.sampled_from(SORTED_BY)),
        st.booleans(),
    ),
    degeneracies=st.builds(
        DegeneracySettings,
        st.builds(
            DegeneracyOptions,
            st.sampled_from(Source),
            st.lists(st.sampled_from([band.name for band in all_bands()]), unique=True).map(in_order),
            st.floats(0.01, 100.0),
            st.booleans(),
        ),
        st.sampled_from(Page),
        st.text(),
    ),
    window=st.none()
    | st.builds(
        WindowState, st.text(), BANDS, st.just({"Explore": ((310, 870, 420), (330, 480, 120)), "Libraries": ()})
    ),
)


@given(sessions)
def test_a_session_comes_back_from_json_as_it_was(session):
    assert session_from_json(session_to_json(session), "s.json") == session


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"bands": ["J0378", "J9999"]}, "there is no band 'J9999'"),
        ({"bands": ["J0390", "J0378"]}, "the bands to be used are not in the order of their wavelengths, each once"),
        ({"exposure": 0.0}, "an exposure of 0 times the present one is outside 0.01 to 100"),
        ({"source": "a dream"}, r"degeneracies\.options\.source"),
    ],
)
def test_options_of_the_degeneracies_that_cannot_be_are_refused(options, why):
    text = json.dumps({"version": 1, "degeneracies": {"options": options}})
    with pytest.raises(InputError, match=rf"s\.json: .*{why}"):
        session_from_json(text, "s.json")


def test_a_session_needs_the_library_that_degeneracies_are_compared_with():
    assert Session(degeneracies=DegeneracySettings(against="bc03")).library_names == ("popstar", "bc03")


def test_a_session_of_a_newer_program_is_refused_with_advice():
    text = json.dumps({"version": 99})
    with pytest.raises(InputError, match=r"s\.json: written by a newer jpas-gui \(session version 99\): update"):
        session_from_json(text, "s.json")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "truncated"),
        ('{"version": 1, "explorer": {', "truncated"),
        ("[1, 2]", "array"),
        ('{"version": 1, "explorer": {"seed": "seven"}}', r"explorer\.seed"),
        ('{"version": 1, "view": {"quantity": "furlongs"}}', r"view\.quantity"),
        ('{"name": "something else"}', "version"),
        ('{"version": 1, "observed": {"path": "a.csv", "sampled_sha256": "", "row": "first"}}', r"observed\.row"),
    ],
)
def test_what_is_no_session_is_refused_by_name(text, why):
    with pytest.raises(InputError, match=rf"s\.json: not a session of jpas-gui .*{why}"):
        session_from_json(text, "s.json")
