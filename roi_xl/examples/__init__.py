"""Example alternatives as case files; SAMPLE figures, to be replaced by one's own."""
