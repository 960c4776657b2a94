"""Files and streams: atomic writes, archives, text encodings, numbers as people write them, the log."""
