"""The desk: curated tables, seen by curators only."""
