"""Imports: files, mappings, plans, batches."""
