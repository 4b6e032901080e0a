"""How data leave for keeps, and come back: bags that an archive can trust for fifty years."""
