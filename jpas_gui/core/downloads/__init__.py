"""Libraries and filter curves that the program fetches by name.

`known` says what there is (`resources/downloads.toml`), `getting` fetches it and puts it to use, `transfer` moves the
bytes, `partial` keeps those of a transfer that was cut off, and `record` remembers what came.
"""
