"""Files: atomic writes, text encodings, numbers as people write them, the log."""
