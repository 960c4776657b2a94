"""One module a sheet, layout only."""
