"""One module per family of exports, each with a declaration of the columns it reads."""
