"""The graph as a workbook: the only writer, the only reader, and one module a sheet."""
