"""Tables to tables: one file per family of measures; none of them draws."""
