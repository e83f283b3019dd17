from jpas_gui.core.provenance import program_provenance, sha256_of_files, source_provenance
from jpas_gui.core.ssp.library import LibrarySource, SourceFile


def test_the_command_can_be_run_again() -> None:
    described = program_provenance(["jpas-gui", "noise", "calibrate", "my file.fits"])
    assert described["command"] == "jpas-gui noise calibrate 'my file.fits'"
    assert described["program"].startswith("jpas-gui ")


def _source(*names: str) -> LibrarySource:
    return LibrarySource("MILES", files=tuple(SourceFile(name, f"{name}-hash") for name in names))


def test_files_of_a_library_are_listed_when_they_are_few() -> None:
    assert source_provenance(_source("a"))["sha256"] == "a-hash"
    assert source_provenance(_source("b", "a"))["sha256_by_file"] == {"b": "b-hash", "a": "a-hash"}
    many = source_provenance(_source(*map(str, range(100))))
    assert "sha256_by_file" not in many
    assert (many["files"], many["first_file"]) == (100, "0")


def test_one_hash_for_all_files_does_not_depend_on_their_order() -> None:
    assert sha256_of_files(_source("a", "b")) == sha256_of_files(_source("b", "a"))
    assert sha256_of_files(_source("a", "b")) != sha256_of_files(_source("a", "c"))
    assert sha256_of_files(_source()) == ""
