from pathlib import Path

from jpas_gui.core.files import sampled_hash


def test_every_byte_of_a_small_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for size in (0, 1, 5000, 1 << 18):
        content = bytearray(size)
        path.write_bytes(content)
        before = sampled_hash(path)
        assert before == sampled_hash(path)
        for place in {0, size // 2, size // 3, size - 1} if size else ():
            changed = content.copy()
            changed[place] = 1
            path.write_bytes(changed)
            assert sampled_hash(path) != before


def test_a_large_file_that_has_grown_is_another(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(10_000_000))
    before = sampled_hash(path)
    path.write_bytes(bytes(10_000_001))
    assert sampled_hash(path) != before
