"""Pages to a site: extensions of Sphinx, one for each concern."""
