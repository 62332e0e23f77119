"""Both languages of a page: side by side, whether they agree, and pages in one language only."""
