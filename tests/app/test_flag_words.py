from jpas_gui.app.flag_words import FLAG_WORDS, flag_words, short_flag
from jpas_gui.core.inference.domain import Flag


def test_every_flag_has_its_words():
    assert set(FLAG_WORDS) == {int(flag) for flag in Flag}


def test_a_flag_of_several_bits_says_them_all():
    assert flag_words(Flag.REDSHIFT | Flag.CHI2) == (FLAG_WORDS[2], FLAG_WORDS[8])
    assert short_flag(Flag.REDSHIFT | Flag.CHI2) == "z χ²"
    assert flag_words(0) == ()
