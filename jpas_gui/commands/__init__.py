"""The sub-commands of `jpas-gui`, one file each."""
