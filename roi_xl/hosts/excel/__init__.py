"""Excel: the macro workbook, the add-in, the LAMBDA edition, and the `doctor`."""
