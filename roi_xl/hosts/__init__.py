"""The hosts of the FT_ functions: Excel, LibreOffice Calc, JavaScript."""
