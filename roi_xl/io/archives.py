"""Entries of the zip archives that we write: the same on every system and at every time."""

import zipfile

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that an archive can say
_UNIX = 3  # without it Python writes the system it runs on
_PRIVATE = 0o600 << 16


def entry(name: str) -> zipfile.ZipInfo:
    """The entry of a part, to be compressed."""
    made = zipfile.ZipInfo(name, _TIME)
    made.compress_type = zipfile.ZIP_DEFLATED
    made.create_system = _UNIX
    made.external_attr = _PRIVATE
    return made
