"""The reading room: pages and data made from the catalogue alone."""
