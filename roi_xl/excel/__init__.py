"""Excel as a host: macro workbooks, the add-in, and what checks them."""
