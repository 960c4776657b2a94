"""Safe reading of other people's workbooks."""
