"""FT_ functions: declaration, evaluation and Excel formula."""
