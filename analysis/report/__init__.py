"""Tables to pages: figures, computed prose, evidence, downloads."""
