"""Many cases at once: frames, files and clusters, all through the one case graph."""
