"""Excel as a host: what only Excel itself understands, made from the registry."""
