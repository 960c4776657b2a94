"""The result as a page to hand in: HTML, the same page as PDF, and a page that recomputes itself."""
